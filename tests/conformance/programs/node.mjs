// For Node, Deno and Bun: imports the package, or its slim twin, runs the suite and prints what came of it.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as inspect from "kraken-signer/inspect";
import * as sockets from "kraken-signer/sockets";
import * as testing from "kraken-signer/testing";
import { run } from "../run.mjs";

const { entry, ...environment } = JSON.parse(process.argv[2]);
const signer = await import(entry);
// Here from bytes; in Workers from a module.
signer.init?.(readFileSync(fileURLToPath(import.meta.resolve("kraken-signer/kraken_signer.wasm"))));
console.log(JSON.stringify(await run({ ...signer, ...testing, ...sockets, ...inspect }, environment)));
