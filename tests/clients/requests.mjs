// Random requests, the same ones for the same seed: half of them with characters that every client escapes in its own way.
import { randomFrom } from "../exchange/random.mjs";

const WILD = [..."     +&=%#?/:;,@~!*'()<>[]{}|\\^`\"$", "é", "ß", "漢", "😀", "́"];
const PLAIN = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"];

/** What the generators draw from. */
function drawing(random, isPlain) {
  const integer = (below) => Math.floor(random() * below);
  const pick = (list) => list[integer(list.length)];
  const chars = (length, from) => Array.from({ length }, () => pick(from)).join("");
  const hex = (length) => chars(length, "0123456789abcdef");
  return {
    integer,
    pick,
    maybe: (params) => (random() < 0.5 ? params : {}),
    /** Seconds since 1970. This package refuses times before 2002, which are often meant from now on. */
    time: () => 1_100_000_000 + integer(800_000_000),
    decimal: () => `${integer(100_000)}.${1 + integer(9999)}`,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
    txid: () => `O${chars(5, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}-${hex(5).toUpperCase()}-${hex(6).toUpperCase()}`,
    text: () => chars(1 + integer(20), isPlain ? PLAIN : [...PLAIN, ...WILD, ...WILD, ...WILD]),
  };
}

/** A market order has no price, and this package refuses one. */
const order = (d) => ({
  ...d.pick([{ ordertype: "limit", price: d.decimal() }, { ordertype: "market" }]),
  type: d.pick(["buy", "sell"]),
  volume: d.decimal(),
  cl_ord_id: d.uuid(),
});

const SPOT_FORM = [
  (d) => [
    "AddOrder",
    { pair: d.pick(["XBTUSD", "ETHEUR"]), ...order(d), ...d.maybe({ timeinforce: "GTC" }), ...d.maybe({ starttm: d.time() }) },
  ],
  (d) => ["AddExport", { report: "trades", description: d.text(), ...d.maybe({ starttm: d.time() }) }],
  (d) => ["Withdraw", { asset: d.pick(["XBT", "ETH"]), key: d.text(), amount: d.decimal() }],
  (d) => ["Withdraw", { asset: d.text(), key: d.text(), amount: d.decimal() }],
  (d) => ["QueryOrders", { txid: d.txid(), ...d.maybe({ userref: d.integer(1000) }) }],
  (d) => ["AmendOrder", { txid: d.txid(), limit_price: d.decimal(), order_qty: d.decimal() }],
  () => ["Balance", {}],
];

const SPOT_JSON = [
  (d) => ["AddOrderBatch", { pair: d.pick(["XBTUSD", "ETHEUR"]), orders: Array.from({ length: 2 + d.integer(13) }, () => order(d)) }],
  (d) => ["CancelOrderBatch", { orders: Array.from({ length: 2 + d.integer(48) }, () => d.txid()) }],
];

const futuresOrder = (d) => ({
  orderType: d.pick(["lmt", "post"]),
  symbol: d.pick(["PF_XBTUSD", "PI_XBTUSD"]),
  side: d.pick(["buy", "sell"]),
  size: 1 + d.integer(1000),
  limitPrice: d.decimal(),
  cliOrdId: d.uuid(),
});

/** Each names the kind, and gives endpoint, method and parameters. */
const KINDS = {
  "Spot form": (d) => d.pick(SPOT_FORM)(d),
  "Spot JSON": (d) => d.pick(SPOT_JSON)(d),
  "Futures GET": (d) =>
    d.pick([
      ["openorders", {}],
      // Digits alone would be a time in seconds, which this package refuses here.
      ["fills", { lastFillTime: `T${d.text()}` }],
      ["accounts", {}],
    ]),
  "Futures POST": (d) =>
    d.pick([
      ["sendorder", futuresOrder(d)],
      ["cancelallorders", { symbol: d.text() }],
      ["cancelorder", { order_id: d.uuid() }],
    ]),
  "Futures batch": (d) => [
    "batchorder",
    { batchOrder: Array.from({ length: 1 + d.integer(9) }, (_, i) => ({ order: "send", order_tag: `${i}`, ...futuresOrder(d) })) },
  ],
  "Futures lists": (d) => ["orders/status", { orderIds: Array.from({ length: 1 + d.integer(9) }, () => d.uuid()) }],
};

/** python-kraken-sdk writes the JSON of a batch itself, before it signs; ccxt does while it signs. */
const batchOf = (name, params) => (name === "ccxt" ? params : { json: JSON.stringify(params) });

/**
 * Requests of a kind for a client, with nonces that rise.
 * @param first how many there have been before
 */
export function requestsOf(kind, name, count, seed, first = 0) {
  const random = randomFrom(seed);
  const product = kind.startsWith("Spot") ? "spot" : "futures";
  return Array.from({ length: count }, (_, i) => {
    const isPlain = random() < 0.5;
    const [endpoint, drawn] = KINDS[kind](drawing(random, isPlain));
    const params = kind === "Futures batch" ? batchOf(name, drawn) : drawn;
    const path = product === "spot" ? `/0/private/${endpoint}` : `/derivatives/api/v3/${endpoint}`;
    const method = kind === "Futures GET" ? "GET" : "POST";
    return {
      product,
      endpoint,
      path,
      method,
      params,
      json: kind === "Spot JSON",
      nonce: String(1_700_000_000_000_000 + first + i),
      isPlain,
    };
  });
}
