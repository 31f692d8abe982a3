import type * as binary from "../generated/exports.js";
import { KrakenError } from "../errors.js";

/** A compiled binary: `WebAssembly.Module`, if the runtime's types have it. Those of Node do not. */
export type Module = typeof globalThis extends { WebAssembly: { Module: { prototype: infer M } } } ? M : object;

/** The exports of the binary. They are documented in the Rust sources, `src/wasm/signer`. */
export type Exports = typeof binary;

/** An instance of the binary, and the buffer in its memory through which input and output pass. */
export class Core {
  readonly exports: Exports;
  /** The error of the trap after which this instance cannot be used anymore. */
  crash: unknown;
  #buffer: Uint8Array<ArrayBuffer> | undefined;
  #answer: Uint8Array | undefined;

  constructor(module: Module) {
    // The binary imports nothing.
    this.exports = new WebAssembly.Instance(module).exports as unknown as Exports;
  }

  get buffer(): Uint8Array {
    // When the memory grows, its buffer is detached.
    if (!this.#buffer?.byteLength) {
      const { memory, buffer: address, capacity } = this.exports;
      this.#buffer = new Uint8Array(memory.buffer, address(), capacity());
    }
    return this.#buffer;
  }

  /** Returns the first bytes of the buffer. Signatures all have the same length, and making a view takes longer than decoding it. */
  answer(length: number): Uint8Array {
    // The length of a detached view is 0.
    if (this.#answer?.length !== length) this.#answer = this.buffer.subarray(0, length);
    return this.#answer;
  }
}

let compile: (() => Module) | undefined;
let compiled: Module | undefined;
let current: Core | undefined;

/** Sets the source of the binary. It is compiled at the first use. */
export function provide(source: () => Module): void {
  compile = source;
}

/** Returns the current instance: the first one, or a new one after a crash. */
export function core(): Core {
  if (!current || current.crash) {
    if (!compile) {
      throw new KrakenError("ERR_NOT_READY", "There is no binary yet. Call init() of kraken-signer/slim first.");
    }
    compiled ??= compile();
    current = new Core(compiled);
  }
  return current;
}
