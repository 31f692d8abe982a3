import test from "node:test";
import * as kraken from "kraken-signer";
import { Exchange } from "kraken-signer/testing";
import { faultMatrix } from "./suite/fault-matrix.mjs";

test("every fault with every class of endpoint has the right outcome", { timeout: 300_000 }, async (t) => {
  const { combinations } = await faultMatrix({ ...kraken, Exchange });
  t.diagnostic(`${combinations} combinations`);
});
