// For workerd, edge-runtime and browsers: runs the suite when it is asked to, and answers what came of it.
import * as signer from "kraken-signer";
import * as sockets from "kraken-signer/sockets";
import * as testing from "kraken-signer/testing";
import { run } from "../run.mjs";

export default {
  fetch: async (request) => Response.json(await run({ ...signer, ...testing, ...sockets }, await request.json())),
};
