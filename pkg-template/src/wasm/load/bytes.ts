import { compileBytes } from "../compile.js";
import type { Module } from "../instance.js";

/** Compiles a binary that is part of the script. */
export function compileText(base64: string): Module {
  return compileBytes(decode(base64));
}

/** In a process that has just started, a loop takes half a millisecond for this: where there are the buffers of Node, they do it. */
function decode(base64: string): Uint8Array<ArrayBuffer> {
  const { Buffer } = globalThis as { Buffer?: { from(text: string, encoding: "base64"): Uint8Array<ArrayBuffer> } };
  if (Buffer) return Buffer.from(base64, "base64");
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
