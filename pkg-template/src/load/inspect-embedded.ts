// For every runtime that may compile WebAssembly from bytes; see embedded.ts.
import { base64 } from "../generated/inspect-binary.js";
import type { Module } from "./core.js";

export const compile = (): Module =>
  new WebAssembly.Module(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))) as Module;
