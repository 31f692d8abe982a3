import { KrakenError } from "../errors.js";

/**
 * Returns the hash of a text, in hexadecimal.
 *
 * @throws KrakenError with code `ERR_UNAVAILABLE` if the runtime has no WebCrypto: jsdom, and pages that were loaded over http
 */
export async function hashOf(algorithm: "SHA-1" | "SHA-256", text: string): Promise<string> {
  const { crypto } = globalThis as { crypto?: Partial<Crypto> };
  if (!crypto?.subtle || !crypto.randomUUID)
    throw new KrakenError("ERR_UNAVAILABLE", "This runtime has no WebCrypto, which RedisLane needs. Nothing was sent.");
  const hash = new Uint8Array(await crypto.subtle.digest(algorithm, new TextEncoder().encode(text)));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
