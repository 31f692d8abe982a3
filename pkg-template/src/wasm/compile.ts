import { needGlobals } from "../checks.js";
import { KrakenError } from "../errors.js";
import type { Module } from "./instance.js";

/** The bytes of a binary. The type is derived, because older versions of TypeScript have no `Uint8Array<ArrayBuffer>`. */
export type BinaryBytes = ArrayBuffer | ReturnType<InstanceType<typeof TextEncoder>["encode"]>;

/**
 * Compiles the bytes of a binary.
 *
 * @throws KrakenError with code `ERR_UNAVAILABLE` if the runtime has no WebAssembly or does not allow it, as a content security policy does, or if it
 *   cannot convert texts, as jsdom
 */
export function compileBytes(bytes: BinaryBytes): Module {
  needGlobals("WebAssembly", "TextEncoder", "TextDecoder");
  try {
    return new WebAssembly.Module(bytes as BufferSource) as Module;
  } catch (cause) {
    throw new KrakenError(
      "ERR_UNAVAILABLE",
      "This runtime does not compile WebAssembly. The CSP of a page must allow 'wasm-unsafe-eval'. Elsewhere, use kraken-signer/slim.",
      { cause },
    );
  }
}
