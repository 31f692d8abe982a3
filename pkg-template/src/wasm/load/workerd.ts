// For workerd, which compiles WebAssembly ahead of time and forbids it at run time, so the binary is a separate file.
import module from "../../kraken_signer.wasm";
import { provide } from "../instance.js";

provide(() => module);
