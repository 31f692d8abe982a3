import { createHMAC, createSHA256, createSHA512 } from "hash-wasm";

export async function sign({ secret, path, nonce, body }) {
  const key = Uint8Array.from(atob(secret), (character) => character.charCodeAt(0));
  const hash = (await createSHA256()).update(nonce).update(body).digest("binary");
  const mac = (await createHMAC(createSHA512(), key)).update(path).update(hash);
  return btoa(String.fromCharCode(...mac.digest("binary")));
}
