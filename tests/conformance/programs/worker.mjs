// For workerd, edge-runtime and browsers: runs the suite when it is asked to, and answers what came of it.
import * as signer from "kraken-signer";
import * as inspect from "kraken-signer/inspect";
import * as sockets from "kraken-signer/sockets";
import * as testing from "kraken-signer/testing";
import { run } from "../run.mjs";

export default {
  fetch: async (request) => Response.json(await run({ ...signer, ...testing, ...sockets, ...inspect }, await request.json())),
};
