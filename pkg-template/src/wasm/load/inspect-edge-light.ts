// For Vercel's edge runtime; see edge-light.ts.
import module from "../../kraken_signer_inspect.wasm?module";
import type { Module } from "../instance.js";

export const compile = (): Module => module as Module;
