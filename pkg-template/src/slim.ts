import { type Module, provide } from "./wasm/instance.js";

export * from "./exports.js";

/**
 * Says which binary to use: `kraken-signer/kraken_signer.wasm`, compiled or as bytes. To be called before anything else of this entry.
 *
 * For content-security policies that forbid embedded binaries, and for bundlers with ideas of their own about WebAssembly.
 */
export function init(moduleOrBytes: Module | ArrayBuffer | ReturnType<InstanceType<typeof TextEncoder>["encode"]>): void {
  // By what it is, not by its class: edge runtimes hand out modules of another realm.
  const isBytes = ArrayBuffer.isView(moduleOrBytes) || Object.prototype.toString.call(moduleOrBytes) === "[object ArrayBuffer]";
  provide(() => (isBytes ? new WebAssembly.Module(moduleOrBytes as BufferSource) : (moduleOrBytes as Module)));
}
