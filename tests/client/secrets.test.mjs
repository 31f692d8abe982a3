import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import * as kraken from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

/** Everything that can be read off a value: properties of all kinds, prototypes, causes, what inspect, JSON and structuredClone show. */
function texts(value, seen = new Set()) {
  if (typeof value === "string") return [value];
  if (value === null || (typeof value !== "object" && typeof value !== "function") || seen.has(value)) return [String(value)];
  seen.add(value);
  const all = [inspect(value, { showHidden: true, depth: Infinity, getters: false })];
  for (const show of [JSON.stringify, (it) => inspect(structuredClone(it), { depth: Infinity }), String]) {
    try {
      all.push(String(show(value)));
    } catch {
      // Not everything can be cloned or printed.
    }
  }
  for (const key of Reflect.ownKeys(value)) {
    all.push(String(key));
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if ("value" in descriptor) all.push(...texts(descriptor.value, seen));
  }
  if (value instanceof Error) all.push(value.message, String(value.stack), ...texts(value.cause, seen));
  return all;
}

test("no output shows a key, a secret, a password, a setup key, a code or a token", { timeout: 120_000 }, async () => {
  const exchange = new Exchange();
  const spotKey = exchange.addKey({ otp: { password: "correct-horse" } });
  const totpKey = exchange.addKey({ otp: {} });
  const futuresKey = exchange.addKey({ product: "futures" });
  const totp = new kraken.Totp(totpKey.setupKey);
  const secrets = () => [
    ...[spotKey, totpKey, futuresKey].flatMap(({ key, secret }) => [
      key,
      secret,
      encodeURIComponent(key),
      encodeURIComponent(secret),
      Buffer.from(secret, "base64").toString("hex"),
      Buffer.from(secret, "base64").toString("latin1"),
    ]),
    "correct-horse",
    totpKey.setupKey,
    `otp=${totp.code()}`,
    ...exchange.tokens.map(({ token }) => token),
    ...exchange.requests.map(({ headers }) => headers.get("api-sign") ?? headers.get("authent")).filter(Boolean),
  ];
  // A fetch that quotes all it got, as Node's does for bad headers.
  const quoting = async (url, init) => {
    throw Object.assign(
      new TypeError(`fetch failed: ${JSON.stringify(init.headers)} ${init.body}`, { cause: new Error(JSON.stringify(init)) }),
      { code: init.body, init },
    );
  };
  const events = [];
  const hooks = Object.fromEntries(
    ["onRequest", "onResponse", "onRetry", "onError", "onKeySetAside"].map((name) => [name, (event) => void events.push(event)]),
  );
  const settings = { fetch: exchange.fetch, retries: 0, timeout: 5000, hooks };
  const spot = new kraken.SpotClient({ ...spotKey, ...settings });
  const withTotp = new kraken.SpotClient({ keys: [{ key: totpKey.key, secret: totpKey.secret, otp: totp }], ...settings });
  const futures = new kraken.FuturesClient({ ...futuresKey, ...settings });
  const tokens = new kraken.TokenManager(spot);
  const broken = new kraken.SpotClient({ ...spotKey, ...settings, fetch: quoting });
  await tokens.get();
  const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: 30000, volume: 1 };

  const errors = [];
  const fails = async (work) => {
    try {
      await work();
      errors.push("no error");
    } catch (error) {
      errors.push(error);
    }
  };
  for (const client of [spot, withTotp]) {
    for (const fault of [
      { fault: "reset", when: "after" },
      { fault: "truncated" },
      { fault: "html", when: "after" },
      { fault: "redirect", status: 307 },
      { fault: "body", body: '{"error":[],"result":{"token":"' },
      { fault: "error", error: "EAPI:Invalid signature" },
      { fault: "error", error: "EAPI:Invalid key" },
      { fault: "error", error: "EService:Unavailable" },
    ]) {
      for (const call of [() => client.call("AddOrder", order), () => client.call("GetWebSocketsToken")]) {
        exchange.inject(fault);
        await fails(call);
      }
    }
  }
  exchange.inject({ fault: "reset", when: "before" });
  await fails(() => futures.post("sendorder", { size: 1 }));
  await fails(() => futures.post("sendorder", { size: 1 }));
  await fails(() => broken.call("Balance"));
  await fails(() => broken.call("AddOrder", order));
  for (const bad of ["\0", "é", "\u{1f600}", " x", "\r\nx", "\tx"]) {
    await fails(() => new kraken.SpotClient({ ...spotKey, key: spotKey.key + bad }));
    await fails(() => new kraken.SpotClient({ ...spotKey, key: [...bad].reverse().join("") + spotKey.key }));
  }
  await fails(() => new kraken.SpotClient({ key: spotKey.secret, secret: spotKey.key }));
  await fails(() => new kraken.SpotClient({ ...spotKey, secret: spotKey.secret.slice(1) }));
  await fails(() => new kraken.SpotClient({ ...spotKey, secret: `${spotKey.secret}!` }));
  await fails(() => new kraken.SpotClient({ ...spotKey, otp: totpKey.setupKey }));
  await fails(() => new kraken.SpotClient({ ...spotKey, baseUrl: `https://user:${spotKey.secret}@api.kraken.com` }));
  await fails(() => new kraken.SpotClient({ ...spotKey, otp: () => "", ...settings }).call("Balance"));
  await fails(() => spot.call("AddOrder", { ...order, otp: "correct-horse" }));
  await fails(() => spot.call(spotKey.secret));
  await fails(() => spot.request("GET", ` ${spotKey.secret}`));
  const report = await spot.check();
  spot.close();
  await fails(() => spot.call("Balance"));

  assert.ok(!errors.includes("no error"), inspect(errors));
  assert.ok(events.length > 50 && events.some(({ error }) => error) && events.some(({ status }) => status), `${events.length} events`);
  const lanes = globalThis[Symbol.for("kraken-signer.lanes/2")];
  assert.ok(!Object.prototype.propertyIsEnumerable.call(globalThis, Symbol.for("kraken-signer.lanes/2")));
  const shown = [spot, withTotp, futures, tokens, broken, totp, report, ...lanes.keys.values(), ...errors, ...events].flatMap((value) =>
    texts(value),
  );
  for (const secret of secrets()) {
    const leak = shown.find((text) => text.includes(secret));
    assert.equal(leak, undefined, `shows ${secret.slice(0, 4)}…`);
  }
});

test("the search for secrets finds a secret", () => {
  assert.ok(texts(new Error("a", { cause: { deep: [new Map([["k", "needle"]])] } })).some((text) => text.includes("needle")));
});
