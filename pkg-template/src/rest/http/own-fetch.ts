import type { Fetch } from "./fetch.js";

/** The property of a `fetch` that obeys its signal, and whose answers have the `Content-Length` that they state. The copies of this package share it. */
export const KEEPS_TO_LENGTH = Symbol.for("kraken-signer.keeps-to-length/1");

/** The `fetch` that the runtime had when this module was loaded. One that has replaced it may do more, such as write a log. */
const AT_FIRST: unknown = globalThis.fetch;

/** Whether a `fetch` is known to do so, and nothing else: the runtime's own, and that of `kraken-signer/node`. */
export const keepsToLength = (send: Fetch): boolean => send === AT_FIRST || KEEPS_TO_LENGTH in Object(send);
