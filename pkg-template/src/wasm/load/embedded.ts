// For every runtime that can compile WebAssembly from bytes. The binary is part of the script, so that no bundler can lose it.
import { base64 } from "../../generated/binary.js";
import { compileText } from "./bytes.js";
import { provide } from "../instance.js";

provide(() => compileText(base64));
