// An exchange whose clock stands still, with one Spot client, for the tests of its markets.
import assert from "node:assert/strict";
import { Exchange, LIMIT, Spot } from "./helper.mjs";

export const NOW = Date.UTC(2025, 6, 7, 10, 0, 30);
export const BOOK = {
  bids: [
    ["49990", "1"],
    ["49980", "2"],
  ],
  asks: [
    ["50010", "0.5"],
    ["50020", "2"],
  ],
};

export function setUp(options = {}) {
  const clock = { now: NOW };
  const exchange = new Exchange({ now: () => clock.now, sockets: { heartbeat: 60_000 }, ...options });
  const client = new Spot(exchange.addKey(), exchange.fetch);
  const ok = async (endpoint, params, wrong) => {
    const { error, result } = await client.call(endpoint, params, wrong);
    assert.deepEqual(error, [], endpoint);
    return result;
  };
  const get = async (path) => await (await exchange.fetch(`https://api.kraken.com/0/public/${path}`)).json();
  const result = async (path) => (await get(path)).result;
  // A percentage is accepted only in JSON.
  const place = async (params) => (await ok("AddOrder", { ...LIMIT, volume: "1", ...params }, { json: /%$/.test(params.price) })).txid[0];
  const order = async (txid) => (await ok("QueryOrders", { txid }))[txid];
  const state = async (txid) => {
    const { status, vol_exec, price, reason } = await order(txid);
    return [status, vol_exec, price, ...(reason ? [reason] : [])];
  };
  const market = exchange.market("XBTUSD");
  return { clock, exchange, client, ok, get, result, place, order, state, market };
}
