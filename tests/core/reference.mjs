// The same signatures and codes by node:crypto, written from Kraken's documentation and the RFCs alone.
import { createHash, createHmac } from "node:crypto";

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();

const hmac = (key, ...parts) => parts.reduce((mac, part) => mac.update(part), createHmac("sha512", key)).digest("base64");

/** base64(HMAC-SHA512(key, path ‖ SHA-256(nonce ‖ body))) */
export const spot = (key, path, nonce, body = "") => hmac(key, path, sha256(String(nonce), body));

/** base64(HMAC-SHA512(key, SHA-256(postData ‖ nonce ‖ endpointPath))) */
export const futures = (key, path, postData = "", nonce = "") =>
  hmac(key, sha256(postData, String(nonce), path.replace(/^\/derivatives(?=\/)/, "")));

export function hotp(key, algorithm, counter, digits) {
  const moving = Buffer.alloc(8);
  moving.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac(algorithm, key).update(moving).digest();
  const number = mac.readUInt32BE(mac.at(-1) & 0x0f) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}
