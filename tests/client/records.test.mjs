// What is known of endpoints stands in their records: whoever needs it says the same.
import assert from "node:assert/strict";
import test from "node:test";
import { FuturesClient, SpotClient, UnknownOutcomeError, resolveOrder } from "kraken-signer";
import { loadSources } from "../harness/sources.mjs";

const { spotEndpoints, futuresEndpoints, whereToLook } = await loadSources(
  `export { spotEndpoints } from "./rest/spot/endpoints.ts";
   export { futuresEndpoints } from "./rest/futures/endpoints.ts";
   export { whereToLook } from "./cli/look.ts";`,
);
const spot = Object.entries(spotEndpoints);
/** Futures endpoints by the name that is called, without the method. */
const futures = Object.entries(futuresEndpoints).map(([name, record]) => [name.replace(/^\w+:/, ""), record]);
const lost = (endpoint) => new UnknownOutcomeError(endpoint, { cause: undefined });
const unused = { key: "key", secret: btoa("x".repeat(64)), fetch: () => assert.fail("nothing is sent") };

test("resolveOrder accepts errors of exactly those endpoints whose records say that they place orders", async () => {
  let places = 0;
  for (const [client, endpoints] of [
    [new SpotClient(unused), spot],
    [new FuturesClient(unused), futures],
  ]) {
    for (const [name, record] of endpoints) {
      const resolution = resolveOrder(client, lost(name), { signal: AbortSignal.abort() });
      if (record.places) {
        places++;
        assert.deepEqual(await resolution, { outcome: "unknown", reason: "the search was aborted before it began" });
      } else if (!endpoints.some(([same, { places }]) => same === name && places))
        await assert.rejects(resolution, /expected the error of an endpoint that places orders/, name);
    }
  }
  assert.equal(places, 4);
});

test("the endpoints that show what a call did are known and only read", () => {
  let shown = 0;
  for (const [endpoints, names] of [
    [spot, new Map(spot)],
    [futures, new Map(futures.filter(([, { write }]) => write !== true))],
  ]) {
    for (const [name, { write, shownBy }] of endpoints) {
      // Nothing lists the subaccounts of Spot.
      assert.equal(shownBy !== undefined, write !== false && name !== "CreateSubaccount", name);
      for (const reader of shownBy ?? []) {
        shown++;
        assert.notEqual(names.get(reader)?.write ?? true, true, `${name}: ${reader}`);
      }
    }
  }
  assert.ok(shown > 40, `${shown} endpoints that show something`);
});

test("the command line names these endpoints", () => {
  for (const [name, { shownBy = ["Ledgers"] }] of spot.filter(([, { write }]) => write))
    assert.deepEqual(
      whereToLook(lost(name), false),
      shownBy.map((reader) => `kraken-signer call ${reader}`),
    );
  for (const [name, { shownBy }] of futures.filter(([, { write }]) => write))
    assert.deepEqual(
      whereToLook(lost(name.replaceAll(/\{\w+\}/g, "x")), true),
      shownBy.map((reader) => `kraken-signer call ${reader} --futures`),
    );
});
