// For Vercel's edge runtime, which compiles the binary for an import with this query.
import module from "../../kraken_signer.wasm?module";
import { provide } from "../instance.js";

provide(() => module);
