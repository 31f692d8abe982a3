// The examples as they stand, and the page that shows them.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { Exchange } from "kraken-signer/testing";
import { parseConfigFileTextToJson } from "typescript6";
import { supportedCompatibilityDate } from "miniflare";
import { startMiniflare } from "../harness/miniflare.mjs";
import { nonces, placed, refused, rising } from "./helper.mjs";

const file = (name) => new URL(`examples/${name}`, import.meta.url);
const text = (name) => readFileSync(file(name), "utf8");

test("the page shows these examples", () => {
  const page = readFileSync(new URL("../../pkg-template/docs/durable-object.md", import.meta.url), "utf8");
  const shown = [...page.matchAll(/^```(?:js|jsonc)\n(.*?)^```$/gms)].map(([, code]) => code);
  assert.deepEqual(shown, [text("worker.mjs"), text("wrangler.jsonc"), text("store.mjs")]);
  for (const code of shown) assert.ok(code.split("\n").length <= 40);
});

/** Reads a configuration of wrangler. */
function configOf(name) {
  const { config, error } = parseConfigFileTextToJson(name, text(name));
  assert.equal(error, undefined);
  return config;
}

describe("a Worker that places orders", { timeout: 60_000 }, async () => {
  const config = configOf("wrangler.jsonc");
  const { name, main, compatibility_date: compatibilityDate, durable_objects, migrations, ...others } = config;
  const objects = Object.fromEntries(durable_objects.bindings.map(({ name, class_name }) => [name, class_name]));

  test("wrangler.jsonc is complete and contains no key", () => {
    assert.match(name, /^[a-z0-9-]+$/);
    assert.deepEqual(migrations, [{ tag: "v1", new_sqlite_classes: Object.values(objects) }]);
    assert.deepEqual(others, {}, "everything in it is used here");
    assert.ok(compatibilityDate <= supportedCompatibilityDate, "the newest wrangler that runs on Node 20 knows the date");
  });

  test("does so once per id, also if a request comes again", async (t) => {
    const exchange = new Exchange();
    const server = await exchange.listen();
    t.after(() => server.close());
    const { key, secret } = exchange.addKey();
    const bindings = { KRAKEN_TRADING_KEY: key, KRAKEN_TRADING_SECRET: secret, TOKEN: "a-token" };
    const durableObjects = Object.fromEntries(Object.entries(objects).map(([name, className]) => [name, { className, useSQLite: true }]));
    const options = { durableObjects, bindings, compatibilityDate, outbound: server.url };
    const worker = { url: `${await (await startMiniflare(t, file(main), options)).ready}` };
    const headers = { Authorization: "Bearer a-token" };
    const post = async (volume, id = randomUUID(), again) => {
      const body = JSON.stringify({ id, again, type: "buy", price: "37500", volume });
      const answer = await fetch(worker.url, { method: "POST", headers, body });
      return [answer.status, await answer.json()];
    };
    assert.equal((await fetch(worker.url)).status, 401);
    const answers = await Promise.all(Array.from({ length: 20 }, () => post("0.1")));
    for (const [status] of answers) assert.equal(status, 201);
    assert.equal(new Set(placed(exchange)).size, 20);
    const { open } = await (await fetch(worker.url, { headers })).json();
    assert.deepEqual(Object.keys(open).sort(), answers.map(([, { orderId }]) => orderId).sort());

    const [status, { errors, hint }] = await post("1000000000");
    assert.deepEqual([status, errors, hint], [422, ["EOrder:Insufficient funds"], ""]);
    exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
    const id = randomUUID();
    const [first, { orderId, found }] = await post("0.1", id);
    assert.deepEqual([first, found, placed(exchange).at(-1)], [201, true, id]);
    assert.deepEqual(await post("0.1", id, true), [201, { orderId, found: true }]);
    assert.deepEqual([placed(exchange).length, rising(nonces(exchange))], [21, true]);
    assert.equal((await fetch(worker.url, { method: "POST", headers, body: "{}" })).status, 400);
  });
});

test("a key whose secrets are in the Secrets Store: by the example, and by the object's own variables", { timeout: 60_000 }, async (t) => {
  const exchange = new Exchange();
  const server = await exchange.listen();
  t.after(() => server.close());
  const setupKey = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  const [stored, own] = [exchange.addKey({ otp: { password: "hunter2" } }), exchange.addKey({ otp: { setupKey } })];
  const secrets = {
    API_KEY: stored.key,
    API_SECRET: stored.secret,
    API_PASSWORD: "hunter2",
    KRAKEN_OWN_SECRET: own.secret,
    KRAKEN_OWN_OTP_SETUP_KEY: setupKey,
  };
  const miniflare = await startMiniflare(t, new URL("store.worker.mjs", import.meta.url), {
    compatibilityDate: configOf("wrangler.jsonc").compatibility_date,
    durableObjects: { STORED: { className: "StoredKey", useSQLite: true }, OWN: { className: "KrakenKey", useSQLite: true } },
    bindings: { KRAKEN_OWN_KEY: own.key },
    secretsStoreSecrets: Object.fromEntries(Object.keys(secrets).map((name) => [name, { store_id: "store", secret_name: name }])),
    outbound: server.url,
  });
  for (const [name, value] of Object.entries(secrets)) await (await miniflare.getSecretsStoreSecretAPI(name))().create(value);
  for (const path of ["STORED/any", "OWN/own"])
    assert.ok("XXBT" in (await (await miniflare.dispatchFetch(`http://localhost/${path}`)).json()), path);
  assert.deepEqual(refused(exchange), []);
  const [first, second] = nonces(exchange);
  assert.match(`${first} ${second}`, /^\d{16} \d{13}$/, "microseconds, and milliseconds");
});
