import type { Fetch } from "./fetch.js";

/** The property of a `fetch` that obeys its signal, and whose answers have the `Content-Length` that they state. The copies of this package share it. */
export const KEEPS_TO_LENGTH = Symbol.for("kraken-signer.keeps-to-length/1");

/** Whether a `fetch` is known to do so: the runtime's own, and that of `kraken-signer/node`. */
export const keepsToLength = (send: Fetch): boolean => send === globalThis.fetch || KEEPS_TO_LENGTH in send;
