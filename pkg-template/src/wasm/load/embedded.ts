// For every runtime that may compile WebAssembly from bytes: the binary is part of the script, so that no bundler can lose it.
import { base64 } from "../../generated/binary.js";
import { compileText } from "./bytes.js";
import { provide } from "../instance.js";

provide(() => compileText(base64));
