import type { Fetch } from "./fetch.js";

/** The property of a `fetch` that obeys its signal, and whose answers have the `Content-Length` that they state. The copies of this package share it. */
export const KEEPS_TO_LENGTH = Symbol.for("kraken-signer.keeps-to-length/1");

/** The text of a runtime's own `fetch`: native code (Bun, Workers, browsers), that of Node, and that of Deno. */
const TEXT =
  /^function fetch(\(\)\s*\{\s*\[native code\]\s*\}$|\(input, init = undefined\) \{[^]*\bfetchImpl\(input, init\);\s*\}$|\(\.\.\.\w+\)\s*\{\s*return lazyFetch\(\))/;

/**
 * The `fetch` of the runtime. One that has replaced it may do more, such as write a log, whether it did so after this module was loaded or before, as
 * instrumentation does. Before, only the text of the function tells it.
 */
const AT_FIRST: unknown = /* @__PURE__ */ (() => {
  const { fetch } = globalThis as { fetch?: unknown };
  return typeof fetch === "function" && TEXT.test(Function.prototype.toString.call(fetch)) ? fetch : undefined;
})();

/** Whether a `fetch` is known to do so, and nothing else: the runtime's own, and that of `kraken-signer/node`. */
export const keepsToLength = (send: Fetch): boolean => send === AT_FIRST || KEEPS_TO_LENGTH in Object(send);
