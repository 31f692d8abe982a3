// Names of assets and pairs, both ways.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MarketNames } from "kraken-signer";

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

test("display names (assetVersion 1) are mapped the same way", () => {
  const display = new MarketNames(
    { BTC: { altname: "XBT" }, USD: { altname: "USD" } },
    { "BTC/USD": { altname: "XBTUSD", wsname: "XBT/USD", base: "BTC", quote: "USD" } },
  );
  assert.deepEqual([display.assetId("XBT"), display.assetName("XBT"), display.pairId("XBTUSD")], ["BTC", "BTC", "BTC/USD"]);
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
  assert.throws(() => doubtful.pairId("ABCUSD"), { message: /more than one pair/ });
  assert.equal(doubtful.assetId("XABC"), "XABC");
  assert.equal(doubtful.assetId("XBT"), "XXBT");
});

test("an unknown name is refused, including names of Object's properties", () => {
  for (const name of ["NOPE", "xbt", "constructor", "__proto__", ""])
    assert.throws(() => names.assetId(name), { code: "ERR_INVALID_REQUEST", message: /There is no asset/ });
  assert.throws(() => names.pairId("XBT-USD"), { message: /There is no pair that is called "XBT-USD"/ });
});
