import { createHash, createHmac } from "node:crypto";

export function sign({ secret, path, nonce, body }) {
  const hash = createHash("sha256")
    .update(nonce + body)
    .digest("binary");
  return createHmac("sha512", Buffer.from(secret, "base64"))
    .update(path + hash, "binary")
    .digest("base64");
}
