// workerd compiles WebAssembly ahead and forbids it at run time: there the binary is a module of its own.
import module from "../../kraken_signer.wasm";
import { provide } from "../instance.js";

provide(() => module);
