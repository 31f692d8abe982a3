import type { Fetch } from "./fetch.js";

/**
 * The property of a `fetch` that obeys its signal, and whose answers have the `Content-Length` that they state. Its value is the function itself, since a
 * Proxy, or a function with the same properties, may do more. The copies of this package share it.
 */
export const KEEPS_TO_LENGTH = Symbol.for("kraken-signer.keeps-to-length/1");

/** The texts of the `fetch` of runtimes. */
const TEXTS = [
  // Native code: Bun, Workers, browsers.
  /^function fetch\(\)\s*\{\s*\[native code\]\s*\}$/,
  // Node. In early versions of Node 20, it is an async function.
  /^(async )?function fetch\(input, init = undefined\) \{(\s*return lazyUndici\(\)\.fetch|[^]*'internal\/deps\/undici\/undici'[^]*return \w+)\(input, init\);\s*\}$/,
  // Deno since 2.8.
  /^function fetch\(\.\.\.\w+\)\s*\{\s*return lazyFetch\(\)/,
];

/**
 * The `fetch` of the runtime. One that has replaced it may do more, such as write a log, whether it did so after this module was loaded or before, as
 * instrumentation does. Before, only the text of the function tells it. In Bun and Safari, a bound function has the text of native code, but another name.
 */
const AT_FIRST: unknown = /* @__PURE__ */ (() => {
  const { fetch } = globalThis as { fetch?: unknown };
  if (typeof fetch !== "function" || fetch.name !== "fetch") return undefined;
  const text = Function.prototype.toString.call(fetch);
  return TEXTS.some((one) => one.test(text)) ? fetch : undefined;
})();

/** Whether a `fetch` is known to do so, and nothing else: the runtime's own, and that of `kraken-signer/node`. */
export const keepsToLength = (send: Fetch): boolean =>
  send === AT_FIRST || (Object(send) as { [KEEPS_TO_LENGTH]?: unknown })[KEEPS_TO_LENGTH] === send;
