import type * as binary from "../generated/exports.js";
import { KrakenError } from "../errors.js";

/** A compiled binary: `WebAssembly.Module`, where the runtime's types have it. Those of Node do not. */
export type Module = typeof globalThis extends { WebAssembly: { Module: { prototype: infer M } } } ? M : object;

/** What the binary exports; documented in the Rust sources, `src/wasm/signer`. */
export type Exports = typeof binary;

/** An instance of the binary, and the buffer in its memory that input and output pass through. */
export class Core {
  readonly exports: Exports;
  /** Why this instance cannot be used any more, if it trapped. */
  crash: unknown;
  #buffer: Uint8Array<ArrayBuffer> | undefined;

  constructor(module: Module) {
    // The binary imports nothing.
    this.exports = new WebAssembly.Instance(module).exports as unknown as Exports;
  }

  get buffer(): Uint8Array {
    // Growing the memory detaches its buffer.
    if (!this.#buffer?.byteLength) {
      const { memory, scratch: address, capacity } = this.exports;
      this.#buffer = new Uint8Array(memory.buffer, address(), capacity());
    }
    return this.#buffer;
  }
}

let compile: (() => Module) | undefined;
let compiled: Module | undefined;
let current: Core | undefined;

/** Says where the binary comes from. It is compiled at the first use. */
export function provide(source: () => Module): void {
  compile = source;
}

/** The instance in use: the first one, or a new one after a crash. */
export function core(): Core {
  if (!current || current.crash) {
    if (!compile) {
      throw new KrakenError("ERR_NOT_READY", "Call init() of kraken-signer/slim first.");
    }
    compiled ??= compile();
    current = new Core(compiled);
  }
  return current;
}
