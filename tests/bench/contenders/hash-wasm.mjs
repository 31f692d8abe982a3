// hash-wasm, with instances that are kept: its one-shot functions are promises.
import { createHMAC, createSHA256, createSHA512 } from "hash-wasm";

const sign = async ({ secret }) => {
  const sha256 = await createSHA256();
  const key = Uint8Array.from(atob(secret), (character) => character.charCodeAt(0));
  const hmac = await createHMAC(createSHA512(), key);
  return ({ path, nonce, body }) => {
    const hash = sha256.init().update(nonce).update(body).digest("binary");
    return btoa(String.fromCharCode(...hmac.init().update(path).update(hash).digest("binary")));
  };
};

export default { spot: { "hash-wasm": sign }, batch: { "hash-wasm": sign } };
