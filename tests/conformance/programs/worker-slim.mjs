// The same, with the binary handed over: compiled ahead, or as bytes in browsers.
import * as signer from "kraken-signer/slim";
import wasm from "kraken-signer/kraken_signer.wasm";
import * as inspect from "kraken-signer/inspect";
import * as sockets from "kraken-signer/sockets";
import * as testing from "kraken-signer/testing";
import { run } from "../run.mjs";

signer.init(wasm);

export default {
  fetch: async (request) => Response.json(await run({ ...signer, ...testing, ...sockets, ...inspect }, await request.json())),
};
