/** Returns the hash of a text, in hexadecimal. */
export async function hashOf(algorithm: "SHA-1" | "SHA-256", text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest(algorithm, new TextEncoder().encode(text)));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
