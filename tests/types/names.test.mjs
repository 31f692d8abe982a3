// Names of assets and pairs, both ways.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { MarketNames, SpotClient } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const assets = {
  XXBT: { altname: "XBT" },
  XXDG: { altname: "XDG" },
  XETH: { altname: "ETH" },
  ZUSD: { altname: "USD" },
  ZEUR: { altname: "EUR" },
  USDT: { altname: "USDT" },
  "XBT.F": { altname: "XBT.F" },
};
const pairs = {
  XXBTZUSD: { altname: "XBTUSD", wsname: "XBT/USD", base: "XXBT", quote: "ZUSD" },
  XETHXXBT: { altname: "ETHXBT", wsname: "ETH/XBT", base: "XETH", quote: "XXBT" },
  XDGUSD: { altname: "XDGUSD", wsname: "XDG/USD", base: "XXDG", quote: "ZUSD" },
  USDTZUSD: { altname: "USDTUSD", wsname: "USDT/USD", base: "USDT", quote: "ZUSD" },
};
const names = new MarketNames(assets, pairs);

test("every name of an asset leads to its id, and the id to its common name", () => {
  for (const name of ["XXBT", "XBT", "BTC"]) assert.deepEqual([names.assetId(name), names.assetName(name)], ["XXBT", "BTC"]);
  for (const name of ["XXDG", "XDG", "DOGE"]) assert.deepEqual([names.assetId(name), names.assetName(name)], ["XXDG", "DOGE"]);
  for (const name of ["ZUSD", "USD"]) assert.deepEqual([names.assetId(name), names.assetName(name)], ["ZUSD", "USD"]);
  assert.equal(names.assetId("XBT.F"), "XBT.F");
});

test("a suffix such as .S belongs to the name, which never leads to the asset without it", () => {
  // In Assets, and not.
  for (const suffix of ["F", "B", "S", "M", "P", "T", "HOLD"])
    for (const name of [`XBT.${suffix}`, `BTC.${suffix}`, `XXBT.${suffix}`])
      assert.deepEqual([names.assetId(name), names.assetName(name)], [`XBT.${suffix}`, `BTC.${suffix}`]);
  assert.deepEqual([names.assetId("USD.M"), names.assetName("ZUSD.M")], ["USD.M", "USD.M"]);
  assert.equal(names.assetName("DOGE.S"), "DOGE.S");
  for (const name of ["NOPE.M", "BTC.X", "BTC.", ".M", "BTC.M.M.M."])
    assert.throws(() => names.assetId(name), { code: "ERR_INVALID_REQUEST", message: /There is no asset/ }, name);
});

test("every name of a pair leads to its id, and the id to its common name", () => {
  for (const name of ["XXBTZUSD", "XBTUSD", "XBT/USD", "BTC/USD", "BTCUSD"])
    assert.deepEqual([names.pairId(name), names.pairName(name)], ["XXBTZUSD", "BTC/USD"]);
  for (const name of ["ETH/BTC", "ETHXBT", "ETHBTC"]) assert.equal(names.pairName(name), "ETH/BTC");
  assert.equal(names.pairId("DOGE/USD"), "XDGUSD");
});

test("a pair of a dark pool, which has the same assets, does not take the name of the pair that Kraken names", () => {
  const pools = [
    ["XXBTZUSD", { altname: "XBTUSD", wsname: "XBT/USD", base: "XXBT", quote: "ZUSD" }],
    ["XXBTZUSD.d", { altname: "XBTUSD.d", base: "XXBT", quote: "ZUSD" }],
  ];
  for (const pairs of [pools, [...pools].reverse()]) {
    const both = new MarketNames({ XXBT: { altname: "XBT" }, ZUSD: { altname: "USD" } }, Object.fromEntries(pairs));
    for (const name of ["BTC/USD", "BTCUSD", "XBT/USD"]) assert.equal(both.pairId(name), "XXBTZUSD");
    assert.deepEqual([both.pairName("XBTUSD"), both.pairName("XBTUSD.d")], ["BTC/USD", "XXBTZUSD.d"]);
  }
  const unnamed = pools.map(([id, { wsname: _, ...pair }]) => [id, pair]);
  const neither = new MarketNames({ XXBT: { altname: "XBT" }, ZUSD: { altname: "USD" } }, Object.fromEntries(unnamed));
  assert.throws(() => neither.pairId("BTC/USD"), { message: /more than one pair/ });
});

test("display names (assetVersion 1) are mapped the same way", () => {
  const display = new MarketNames(
    { BTC: { altname: "XBT" }, USD: { altname: "USD" } },
    { "BTC/USD": { altname: "XBTUSD", wsname: "XBT/USD", base: "BTC", quote: "USD" } },
  );
  assert.deepEqual([display.assetId("XBT"), display.assetName("XBT"), display.pairId("XBTUSD")], ["BTC", "BTC", "BTC/USD"]);
});

test("the older names of what has only a common name (assetVersion 1) lead to it", () => {
  const altnames = { BTC: "BTC", DOGE: "DOGE", USD: "USD", ETH: "ETH", SOL: "SOL" };
  const pair = (base, quote) => [`${base}/${quote}`, { altname: `${base}${quote}`, wsname: `${base}/${quote}`, base, quote }];
  const common = new MarketNames(
    Object.fromEntries(Object.entries(altnames).map(([id, altname]) => [id, { altname }])),
    Object.fromEntries([pair("BTC", "USD"), pair("ETH", "BTC"), pair("DOGE", "USD"), pair("SOL", "USD")]),
  );
  for (const [name, id] of Object.entries({ XBT: "BTC", XXBT: "BTC", XDG: "DOGE", XXDG: "DOGE", ZUSD: "USD", XETH: "ETH" }))
    assert.deepEqual([common.assetId(name), common.assetName(name)], [id, id], name);
  for (const name of ["BTC/USD", "BTCUSD", "XBT/USD", "XBTUSD", "XXBTZUSD", "XBT/ZUSD"])
    assert.deepEqual([common.pairId(name), common.pairName(name)], ["BTC/USD", "BTC/USD"], name);
  assert.deepEqual([common.pairId("XETHXXBT"), common.pairId("ETHXBT"), common.pairId("XDGUSD")], ["ETH/BTC", "ETH/BTC", "DOGE/USD"]);
  // New assets get no prefix.
  for (const name of ["XSOL", "ZBTC"]) assert.throws(() => common.assetId(name), { message: /There is no asset/ });
  // A listed asset keeps its name.
  const listed = new MarketNames({ BTC: { altname: "BTC" }, XBT: { altname: "XBT2" } });
  assert.equal(
    answerOf(() => listed.assetId("XBT2")),
    "XBT",
  );
});

test("a name of two assets, or of two pairs, is refused rather than guessed", () => {
  const doubtful = new MarketNames(
    {
      XABC: { altname: "ABC" },
      ABC: { altname: "ABC2" },
      XXBT: { altname: "XBT" },
      BTC: { altname: "BTC" },
      AB: { altname: "AB" },
      C: { altname: "C" },
    },
    {
      P1: { altname: "ABCUSD", base: "XABC", quote: "USD" },
      P2: { altname: "OTHER", base: "ABC", quote: "USD" },
      P3: { altname: "ABCUSD", base: "AB", quote: "CUSD" },
    },
  );
  for (const name of ["ABC", "BTC"])
    assert.throws(() => doubtful.assetId(name), { code: "ERR_INVALID_REQUEST", message: /more than one asset/ });
  assert.throws(() => doubtful.pairId("ABCUSD"), { message: /more than one pair: P1, P3/ });
  // Its own id is the name of another asset, so that no name leads to it: the message says which two there are, and what to do.
  assert.throws(() => doubtful.assetId("ABC2"), {
    message:
      /^ABC is the name of more than one asset: XABC, ABC\. Pass a name that only one of them has, or use Kraken's id without this helper/,
  });
  assert.equal(doubtful.assetId("XABC"), "XABC");
  assert.equal(doubtful.assetId("XBT"), "XXBT");
});

test("an unknown name is refused, including names of Object's properties", () => {
  for (const name of ["NOPE", "xbt", "constructor", "__proto__", ""])
    assert.throws(() => names.assetId(name), { code: "ERR_INVALID_REQUEST", message: /There is no asset/ });
  assert.throws(() => names.pairId("XBT-USD"), { message: /There is no pair called "XBT-USD"/ });
});

/** Every name that an asset or a pair may be asked by. */
const spellings = (result) =>
  Object.entries(result).flatMap(([id, { altname, wsname, base, quote }]) => [
    id,
    altname,
    ...(wsname ? [wsname] : []),
    ...(base ? [`${base}/${quote}`, `${base}${quote}`] : []),
  ]);

/** What a helper returns; `undefined` if it refuses the name. */
function answerOf(helper) {
  try {
    return helper();
  } catch (error) {
    assert.equal(error.code, "ERR_INVALID_REQUEST", error.stack);
    return undefined;
  }
}

/** Checks that each name that is accepted leads to an id and a common name that both lead back. Returns how many were accepted. */
function checkBothWays(helpers, assets, pairs) {
  const of = [
    [[...spellings(assets), ...spellings(assets).flatMap((name) => [`${name}.M`, `${name}.F`])], "assetId", "assetName"],
    [spellings(pairs), "pairId", "pairName"],
  ];
  let accepted = 0;
  for (const [tried, idOf, nameOf] of of)
    for (const name of ["BTC", "DOGE", "BTC.M", "BTC/USD", "BTCUSD", ...tried]) {
      const id = answerOf(() => helpers[idOf](name));
      const common = answerOf(() => helpers[nameOf](name));
      const seen = () => `${name} in ${JSON.stringify([assets, pairs])}`;
      assert.equal(common === undefined, id === undefined, seen());
      if (id === undefined) continue;
      accepted++;
      for (const one of [id, common])
        assert.equal(
          answerOf(() => helpers[idOf](one)),
          id,
          `${one} for ${seen()}`,
        );
      assert.equal(helpers[nameOf](common), common, seen());
    }
  return accepted;
}

test("what a helper returns leads back, for all recorded assets and pairs", async () => {
  const recorded = JSON.parse(readFileSync(new URL("recorded/spot.json", import.meta.url), "utf8"));
  const client = new SpotClient({ fetch: new Exchange().fetch });
  const sets = [
    [recorded.Assets[0], {}],
    [Object.assign({}, ...recorded.Assets), Object.assign({}, ...recorded.AssetPairs)],
    [await client.call("Assets"), await client.call("AssetPairs")],
    [assets, pairs],
  ];
  for (const [ours, theirs] of sets) {
    const helpers = new MarketNames(ours, theirs);
    checkBothWays(helpers, ours, theirs);
    for (const [one, of] of [
      [Object.keys(ours), helpers.assetName.bind(helpers)],
      [Object.keys(theirs), helpers.pairName.bind(helpers)],
    ])
      for (const id of one) assert.equal(typeof of(id), "string");
  }
});

test("what a helper returns leads back in 3,000 made-up markets whose names collide, or is refused", () => {
  let state = 7;
  const pick = (list) => list[(state = (state * 48271) % 2147483647) % list.length];
  const tickers = ["XBT", "BTC", "XXBT", "XDG", "DOGE", "ABC", "XABC", "BTC.M", "XBT.M", "XXBT.M", "A", "AB", "BC", "C", "USD", "ZUSD"];
  let accepted = 0;
  for (let round = 0; round < 3000; round++) {
    const ours = Object.fromEntries(Array.from({ length: 1 + (round % 7) }, () => [pick(tickers), { altname: pick(tickers) }]));
    const pair = () => {
      const [base, quote] = [pick(Object.keys(ours)), pick(Object.keys(ours))];
      const altname = pick([base, quote, "BTCUSD", "ABC"]) + pick(["", quote, "USD"]);
      return [pick([base + quote, "BTC/USD", "ABC", "P"]), { altname, base, quote, ...pick([{}, { wsname: `${base}/${quote}` }]) }];
    };
    const theirs = Object.fromEntries(Array.from({ length: round % 5 }, pair));
    accepted += checkBothWays(new MarketNames(ours, theirs), ours, theirs);
  }
  assert.ok(accepted > 10_000, `${accepted} accepted`);
});

test("what is no result of Assets or AssetPairs is refused, with what it lacks", () => {
  for (const [given, message] of [
    [[undefined], /expected the result of Assets, got undefined/],
    [[[]], /expected the result of Assets, got an array/],
    [[{ error: [], result: assets }], /`error` has no `altname`. Pass the result of Assets/],
    [[{ XXBT: null }], /`XXBT` has no `altname`/],
    [[assets, null], /expected the result of AssetPairs, got null/],
    [[assets, assets], /`XXBT` has no `base`. Pass the result of AssetPairs/],
  ])
    assert.throws(() => new MarketNames(...given), { code: "ERR_INVALID_REQUEST", message });
});
