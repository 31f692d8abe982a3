// Vercel's edge runtime hands out compiled binaries for imports with this query.
import module from "../../kraken_signer.wasm?module";
import { provide } from "../instance.js";

provide(() => module);
