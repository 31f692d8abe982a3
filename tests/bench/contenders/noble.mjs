// @noble/hashes: plain, and with the state of HMAC kept and cloned.
import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";

const encoder = new TextEncoder();
const decoded = (secret) => Uint8Array.from(atob(secret), (character) => character.charCodeAt(0));
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

const plain = ({ secret }) => {
  const key = decoded(secret);
  return ({ path, nonce, body }) => {
    const hash = sha256(encoder.encode(nonce + body));
    const start = encoder.encode(path);
    const message = new Uint8Array(start.length + hash.length);
    message.set(start);
    message.set(hash, start.length);
    return base64(hmac(sha512, key, message));
  };
};

const cloned = ({ secret }) => {
  const state = hmac.create(sha512, decoded(secret));
  return ({ path, nonce, body }) =>
    base64(
      state
        .clone()
        .update(encoder.encode(path))
        .update(sha256(encoder.encode(nonce + body)))
        .digest(),
    );
};

const rows = { "noble-hashes": plain, "noble-hashes, state cloned": cloned };

export default { spot: rows, batch: rows };
