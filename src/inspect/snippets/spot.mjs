import { createHash, createHmac } from "node:crypto";

/** `body` is the string exactly as sent, including the nonce. */
export function apiSign(secret, path, nonce, body) {
  const digest = createHash("sha256").update(nonce + body).digest();
  return createHmac("sha512", Buffer.from(secret, "base64")).update(path).update(digest).digest("base64");
}

export function request(key, secret, path, params) {
  const nonce = String(Date.now());
  const body = new URLSearchParams({ nonce, ...params }).toString();
  const headers = {
    "API-Key": key,
    "API-Sign": apiSign(secret, path, nonce, body),
    "Content-Type": "application/x-www-form-urlencoded",
  };
  return new Request(`https://api.kraken.com${path}`, { method: "POST", headers, body });
}
