// Vercel's edge runtime hands out compiled binaries for imports with this query.
import module from "../kraken_signer.wasm?module";
import { provide } from "./core.js";

provide(() => module);
