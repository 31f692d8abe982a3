// For workerd; see workerd.ts.
import module from "../../kraken_signer_inspect.wasm";
import type { Module } from "../instance.js";

export const compile = (): Module => module as Module;
