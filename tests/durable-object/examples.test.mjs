// The examples as they stand, and the page that shows them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { Exchange } from "kraken-signer/testing";
import { parseConfigFileTextToJson } from "typescript6";
import { startWorker } from "../harness/workerd.mjs";
import { nonces, placed, refused, rising } from "./helper.mjs";

const file = (name) => new URL(`examples/${name}`, import.meta.url);
const text = (name) => readFileSync(file(name), "utf8");

test("the page shows these examples", () => {
  const page = readFileSync(new URL("../../pkg-template/docs/durable-object.md", import.meta.url), "utf8");
  const shown = [...page.matchAll(/^```(?:js|jsonc)\n(.*?)^```$/gms)].map(([, code]) => code);
  assert.deepEqual(shown, [text("worker.mjs"), text("wrangler.jsonc"), text("store.mjs")]);
  for (const code of shown) assert.ok(code.split("\n").length <= 40);
});

describe("a Worker that places orders", { timeout: 60_000 }, async () => {
  const { config, error } = parseConfigFileTextToJson("wrangler.jsonc", text("wrangler.jsonc"));
  const { name, main, compatibility_date: compatibilityDate, durable_objects, migrations, ...others } = config;
  const objects = Object.fromEntries(durable_objects.bindings.map(({ name, class_name }) => [name, class_name]));

  test("wrangler.jsonc is complete and contains no key", () => {
    assert.equal(error, undefined);
    assert.match(name, /^[a-z0-9-]+$/);
    assert.deepEqual(migrations, [{ tag: "v1", new_sqlite_classes: Object.values(objects) }]);
    assert.deepEqual(others, {}, "everything in it is used here");
  });

  test("does so once per request, and reports an unknown outcome", async (t) => {
    const exchange = new Exchange();
    const server = await exchange.listen();
    t.after(() => server.close());
    const { key, secret } = exchange.addKey();
    const bindings = { KRAKEN_TRADING_KEY: key, KRAKEN_TRADING_SECRET: secret, TOKEN: "a-token" };
    const worker = await startWorker(file(main), { objects, bindings, compatibilityDate, outbound: server.url });
    t.after(() => worker.stop());
    const headers = { Authorization: "Bearer a-token" };
    const post = async (volume) => {
      const body = JSON.stringify({ type: "buy", price: "37500", volume });
      const answer = await fetch(worker.url, { method: "POST", headers, body });
      return [answer.status, await answer.json()];
    };
    assert.equal((await fetch(worker.url)).status, 401);
    const answers = await Promise.all(Array.from({ length: 20 }, () => post("0.1")));
    for (const [status] of answers) assert.equal(status, 201);
    assert.deepEqual(placed(exchange).sort(), answers.map(([, { cl_ord_id }]) => cl_ord_id).sort());
    const { open } = await (await fetch(worker.url, { headers })).json();
    assert.equal(Object.keys(open).length, 20);

    const [status, { errors, hint }] = await post("1000000000");
    assert.deepEqual([status, errors, hint], [422, ["EOrder:Insufficient funds"], ""]);
    exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
    const [unknown, { cl_ord_id }] = await post("0.1");
    assert.equal(unknown, 202);
    assert.equal(placed(exchange).at(-1), cl_ord_id);
    assert.deepEqual([placed(exchange).length, rising(nonces(exchange))], [21, true]);
  });
});

test("a key whose secrets are in the Secrets Store", { timeout: 60_000 }, async (t) => {
  const exchange = new Exchange();
  const server = await exchange.listen();
  t.after(() => server.close());
  const { key, secret } = exchange.addKey({ otp: { password: "hunter2" } });
  const worker = await startWorker(new URL("store.worker.mjs", import.meta.url), {
    objects: { OBJECT: "StoredKey" },
    bindings: { API_KEY: key, API_SECRET: secret, API_PASSWORD: "hunter2" },
    outbound: server.url,
  });
  t.after(() => worker.stop());
  assert.ok("XXBT" in (await (await fetch(worker.url)).json()));
  assert.deepEqual(refused(exchange), []);
  assert.match(`${nonces(exchange)[0]}`, /^\d{16}$/, "microseconds");
});
