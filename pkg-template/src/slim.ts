import { type BinaryBytes, compileBytes } from "./wasm/compile.js";
import { type Module, provide } from "./wasm/instance.js";

export * from "./exports.js";

/**
 * Sets the WebAssembly binary, `kraken-signer/kraken_signer.wasm`, compiled or as bytes. Call it before anything else of this entry.
 *
 * Use this entry if your runtime compiles WebAssembly only from files, or if your bundler handles it itself. A page whose content security policy lacks
 * `'wasm-unsafe-eval'` cannot compile any WebAssembly, with this entry neither.
 *
 * @example
 * ```ts
 * import { Signer, init } from "kraken-signer/slim";
 *
 * const response = await fetch("/kraken_signer.wasm");
 * init(await response.arrayBuffer());
 * const signer = new Signer(secret);
 * ```
 */
export function init(moduleOrBytes: Module | BinaryBytes): void {
  // The check is not `instanceof`, because edge runtimes hand out modules of another realm.
  const isBytes = ArrayBuffer.isView(moduleOrBytes) || Object.prototype.toString.call(moduleOrBytes) === "[object ArrayBuffer]";
  provide(() => (isBytes ? compileBytes(moduleOrBytes as BinaryBytes) : (moduleOrBytes as Module)));
}
