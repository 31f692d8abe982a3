import type { Module } from "./core.js";

/** Compiles a binary that is part of the script. */
export function compileText(base64: string): Module {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  // In a process that has just started, `Uint8Array.from` with a function would take some milliseconds for this.
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return new WebAssembly.Module(bytes) as Module;
}
