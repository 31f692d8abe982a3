import { exchange as old } from "../http.js";
import type { SignedRequest } from "../http.js";
export type { SignedRequest } from "../http.js";
export { baseOf, inBrowser, matches } from "../http.js";
export async function exchange(
  send: typeof fetch,
  signed: SignedRequest,
  signal: AbortSignal,
  { file }: { file?: boolean; write?: boolean },
) {
  const { ok, status, blob } = await old(send, "x", signed, signal, file);
  return { ok, status, bytes: new Uint8Array(await blob.arrayBuffer()), retryAfter: undefined as number | undefined };
}
