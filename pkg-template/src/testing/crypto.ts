/**
 * Kraken's signatures and RFC 6238, implemented from the protocol description with the runtime's own cryptography: `node:crypto` where it exists,
 * because it is synchronous, and WebCrypto elsewhere. Nothing is shared with the signer that the exchange checks, because only an independent
 * implementation can confirm it.
 */

// The type of bytes that WebCrypto takes, in the caller's own version of TypeScript: older versions have no Uint8Array<ArrayBuffer>.
type Bytes = ReturnType<InstanceType<typeof TextEncoder>["encode"]>;

/** The hash of a TOTP, by its name in `otpauth://` URIs. */
export type OtpAlgorithm = "SHA1" | "SHA256" | "SHA512";

const encoder = new TextEncoder();

/** Joins texts (as UTF-8) and bytes into one new array. */
export function concat(...parts: readonly (string | Uint8Array)[]): Bytes {
  const arrays = parts.map((part) => (typeof part === "string" ? encoder.encode(part) : part));
  const joined = new Uint8Array(arrays.reduce((length, array) => length + array.length, 0));
  let offset = 0;
  for (const array of arrays) {
    joined.set(array, offset);
    offset += array.length;
  }
  return joined;
}

/** The part of node:crypto that is used here. The types of all of Node would be a dependency of every user. */
interface NodeCrypto {
  createHash(name: string): NodeDigest;
  createHmac(name: string, key: Uint8Array | NodeKey): NodeDigest;
  createSecretKey(key: Uint8Array): NodeKey;
}
interface NodeDigest {
  update(data: Uint8Array | string, encoding?: "latin1"): NodeDigest;
  digest(): Uint8Array;
  digest(encoding: "base64" | "latin1"): string;
}
interface NodeKey {
  readonly type: string;
}

const { process, navigator } = globalThis as {
  process?: { getBuiltinModule?: (name: string) => unknown };
  navigator?: { readonly userAgent?: string };
};
// Not an import, so that bundlers for browsers have nothing to resolve. Only some Workers have node:crypto, but all have WebCrypto.
const node = (navigator?.userAgent === "Cloudflare-Workers" ? undefined : process?.getBuiltinModule?.("node:crypto")) as
  NodeCrypto | undefined;

async function sha256(data: Bytes): Promise<Bytes> {
  if (node) return new Uint8Array(node.createHash("sha256").update(data).digest());
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

async function hmac(hash: "SHA-1" | "SHA-256" | "SHA-512", secret: Uint8Array, data: Bytes): Promise<Bytes> {
  if (node) return new Uint8Array(node.createHmac(hash.replace("-", "").toLowerCase(), secret).update(data).digest());
  const key = await crypto.subtle.importKey("raw", concat(secret), { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, data));
}

/** A secret with which many signatures are checked. */
export interface Secret {
  readonly bytes: Uint8Array;
  /** The same for `node:crypto`, which would otherwise copy the bytes for each signature. */
  readonly node: NodeKey | undefined;
}

export const secretOf = (bytes: Uint8Array): Secret => ({ bytes, node: node?.createSecretKey(bytes) });

// With `node:crypto`, the digest between hash and HMAC is a text with a character for each byte: a Buffer takes as long as the hash.

/** API-Sign: base64(HMAC-SHA512(secret, path ‖ SHA256(nonce ‖ body))); `path` includes the query string. */
export function apiSign(secret: Secret, path: string, nonce: string, body: Uint8Array): string | Promise<string> {
  if (!node) return sha256(concat(nonce, body)).then(async (digest) => toBase64(await hmac("SHA-512", secret.bytes, concat(path, digest))));
  const digest = node.createHash("sha256").update(nonce).update(body).digest("latin1");
  const mac = node.createHmac("sha512", secret.node ?? secret.bytes);
  return mac.update(path).update(digest, "latin1").digest("base64");
}

/** Authent: base64(HMAC-SHA512(secret, SHA256(postData ‖ nonce ‖ endpointPath))). */
export function authent(secret: Secret, postData: Uint8Array, nonce: string, endpointPath: string): string | Promise<string> {
  if (!node)
    return sha256(concat(postData, nonce, endpointPath)).then(async (digest) => toBase64(await hmac("SHA-512", secret.bytes, digest)));
  const digest = node.createHash("sha256").update(postData).update(nonce).update(endpointPath).digest("latin1");
  const mac = node.createHmac("sha512", secret.node ?? secret.bytes);
  return mac.update(digest, "latin1").digest("base64");
}

/** Computes the code of one time step (RFC 6238 over RFC 4226). */
export async function otpCode(setupKey: Uint8Array, step: number, algorithm: OtpAlgorithm, digits: number): Promise<string> {
  const counter = new Uint8Array(8);
  new DataView(counter.buffer).setBigUint64(0, BigInt(step));
  const hash = algorithm === "SHA1" ? "SHA-1" : algorithm === "SHA256" ? "SHA-256" : "SHA-512";
  const mac = await hmac(hash, setupKey, counter);
  const offset = (mac[mac.length - 1] ?? 0) & 0x0f;
  const binary = new DataView(mac.buffer).getUint32(offset) & 0x7fffffff;
  return String(binary % 10 ** digits).padStart(digits, "0");
}

export function toBase64(data: Uint8Array): string {
  return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""));
}

/** Decodes base64 strictly. Returns `undefined` unless an encoder would write exactly this text. */
export function fromBase64(text: string): Uint8Array | undefined {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    return undefined;
  }
  return btoa(binary) === text ? Uint8Array.from(binary, (char) => char.charCodeAt(0)) : undefined;
}

/** The digits of base 32 (RFC 4648). */
export const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export function toBase32(data: Uint8Array): string {
  const bits = Array.from(data, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? []).map((chunk) => BASE32[parseInt(chunk.padEnd(5, "0"), 2)]).join("");
}

/** Decodes a setup key as people type it: in any case, with spaces or dashes, with or without padding. */
export function fromBase32(text: string): Uint8Array | undefined {
  const symbols = text.replace(/[\s-]/g, "").replace(/=+$/, "").toUpperCase();
  const values = Array.from(symbols, (symbol) => BASE32.indexOf(symbol));
  if (values.length === 0 || values.includes(-1)) return undefined;
  const bits = values.map((value) => value.toString(2).padStart(5, "0")).join("");
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => parseInt(byte, 2));
}

export function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}
