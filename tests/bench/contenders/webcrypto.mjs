// WebCrypto, which every runtime has: nothing but promises.
const encoder = new TextEncoder();

const sign = async ({ secret }) => {
  const { subtle } = crypto;
  const raw = Uint8Array.from(atob(secret), (character) => character.charCodeAt(0));
  const key = await subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-512" }, false, ["sign"]);
  return async ({ path, nonce, body }) => {
    const hash = new Uint8Array(await subtle.digest("SHA-256", encoder.encode(nonce + body)));
    const start = encoder.encode(path);
    const message = new Uint8Array(start.length + hash.length);
    message.set(start);
    message.set(hash, start.length);
    return btoa(String.fromCharCode(...new Uint8Array(await subtle.sign("HMAC", key, message))));
  };
};

export default { spot: { WebCrypto: sign }, batch: { WebCrypto: sign } };
