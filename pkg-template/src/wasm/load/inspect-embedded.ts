// For every runtime that can compile WebAssembly from bytes; see embedded.ts.
import { base64 } from "../../generated/inspect-binary.js";
import { compileText } from "./bytes.js";
import type { Module } from "../instance.js";

export const compile = (): Module => compileText(base64);
