// For every runtime that may compile WebAssembly from bytes: the binary is part of the script, so that no bundler can lose it.
import { base64 } from "../generated/binary.js";
import { provide } from "./core.js";

provide(() => new WebAssembly.Module(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))));
