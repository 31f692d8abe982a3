// The second binary, that of the inspector. Only `kraken-signer/inspect` contains it.
import "./inspector-texts.js";
import { compile } from "#inspect-core";
import { InvalidRequestError, KrakenError } from "../errors.js";
import { rejection } from "./rejection.js";
import * as glue from "../generated/kraken_signer_inspect_bg.js";

let ready = false;

/** Makes an error from a number that the binary returned: code + 256 × position. */
export type ErrorFactory = (number: number) => Error;

/** For exports that expect no input to be refused. */
export const unexpected: ErrorFactory = (number) => rejection(number & 0xff);

/** Calls exports of the binary, which is compiled at the first use. They are documented in the Rust sources, `src/wasm/inspect`. */
export function run<T>(work: (exports: typeof glue) => unknown, toError: ErrorFactory): T {
  if (!ready) {
    // First, because it says what is missing if there is no WebAssembly.
    const module = compile();
    const { exports } = new WebAssembly.Instance(module, { "./kraken_signer_inspect_bg.js": { ...glue } });
    glue.__wbg_set_wasm(exports);
    (exports as unknown as { __wbindgen_start(): void }).__wbindgen_start();
    ready = true;
  }
  try {
    return work(glue) as T;
  } catch (error) {
    if (typeof error === "number") throw toError(error);
    if (!(error instanceof WebAssembly.RuntimeError)) throw new InvalidRequestError("Invalid input: it does not have the documented type.");
    ready = false;
    throw new KrakenError("ERR_CRASHED", "The inspector crashed. The next call starts a new one. Please report this.");
  }
}
