import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";

export function sign({ secret, path, nonce, body }) {
  const encoder = new TextEncoder();
  const key = Uint8Array.from(atob(secret), (character) => character.charCodeAt(0));
  const mac = hmac
    .create(sha512, key)
    .update(encoder.encode(path))
    .update(sha256(encoder.encode(nonce + body)));
  return btoa(String.fromCharCode(...mac.digest()));
}
