// The same with `require`.
const { readFileSync } = require("node:fs");
const inspect = require("kraken-signer/inspect");
const sockets = require("kraken-signer/sockets");
const testing = require("kraken-signer/testing");

const { entry, ...environment } = JSON.parse(process.argv[2]);
const signer = require(entry);
signer.init?.(readFileSync(require.resolve("kraken-signer/kraken_signer.wasm")));
import("../run.mjs").then(async ({ run }) => console.log(JSON.stringify(await run({ ...signer, ...testing, ...sockets, ...inspect }, environment))));
