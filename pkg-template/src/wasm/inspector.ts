// The second binary, the inspector's, which only `kraken-signer/inspect` brings along.
import { compile } from "#inspect-core";
import { InvalidRequestError, KrakenError } from "../errors.js";
import * as glue from "../generated/kraken_signer_inspect_bg.js";

let ready = false;

/** Makes the error for a refusal of the binary's: code + 256 × place. */
export type ErrorFactory = (number: number) => Error;

/** Calls the exports of the binary, which is compiled at the first use; they are documented in the Rust sources, `src/wasm/inspect`. */
export function run<T>(work: (exports: typeof glue) => unknown, toError: ErrorFactory): T {
  if (!ready) {
    const { exports } = new WebAssembly.Instance(compile(), { "./kraken_signer_inspect_bg.js": { ...glue } });
    glue.__wbg_set_wasm(exports);
    (exports as unknown as { __wbindgen_start(): void }).__wbindgen_start();
    ready = true;
  }
  try {
    return work(glue) as T;
  } catch (error) {
    if (typeof error === "number") throw toError(error);
    if (!(error instanceof WebAssembly.RuntimeError)) throw new InvalidRequestError("The input is not of the documented shape.");
    ready = false;
    throw new KrakenError("ERR_CRASHED", "The inspector crashed; the next call gets a new one. Please report this.");
  }
}
