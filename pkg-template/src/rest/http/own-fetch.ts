/** Marks a `fetch` that ends with its signal, and whose answers keep to the length that they tell. The copies of this package share it. */
export const KEEPS_TO_LENGTH = Symbol.for("kraken-signer.keeps-to-length/1");

/** Whether a `fetch` is known to: the runtime's own, and that of `kraken-signer/node`. */
export const keepsToLength = (send: typeof fetch): boolean => send === globalThis.fetch || KEEPS_TO_LENGTH in send;
