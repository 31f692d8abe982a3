import { createHash, createHmac } from "node:crypto";

/** `postData` is the string exactly as sent: the query of a GET, or the body of a POST. */
export function authent(secret, path, postData, nonce = "") {
  const endpointPath = path.replace(/^\/derivatives(?=\/)/, "");
  const digest = createHash("sha256").update(postData + nonce + endpointPath).digest();
  return createHmac("sha512", Buffer.from(secret, "base64")).update(digest).digest("base64");
}

export function request(key, secret, path, params) {
  const nonce = String(Date.now());
  const body = new URLSearchParams(params).toString();
  const headers = {
    APIKey: key,
    Nonce: nonce,
    Authent: authent(secret, path, body, nonce),
    "Content-Type": "application/x-www-form-urlencoded",
  };
  return new Request(`https://futures.kraken.com${path}`, { method: "POST", headers, body });
}
