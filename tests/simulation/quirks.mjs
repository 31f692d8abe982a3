// What is strange about an exchange: what Kraken does not promise, so that no client may rely on it.

const same = (value) => value;

/** As Kraken writes orders in its lists. */
const PLAIN_ROW = { pair: "XBTUSD", side: same, number: same, isNamed: true, refid: undefined, isNamedTwice: false };

/** Nothing is. */
export const PLAIN = {
  stale: 0,
  outages: [],
  denied: undefined,
  period: undefined,
  row: PLAIN_ROW,
  warns: 0,
  amends: 0,
  closes: 0,
  idFirst: false,
  throttles: 0,
};

const LISTS = {
  spot: ["OpenOrders", "ClosedOrders", "Time", "GetApiKeyInfo"],
  futures: ["openorders", "orders/status", "fills", "/api/history/v2/orders"],
};

const outageOf = (random, lists) => {
  const from = random.spread(1, 20_000);
  return { list: random.pick(lists), from, until: from + random.spread(500, 60_000) };
};

/** How orders are written in lists. `undefined` leaves something out. */
const rowOf = (random) => ({
  pair: random.pick(["XBTUSD", "XXBTZUSD", "BTC/USD", undefined, undefined, undefined]),
  side: random.pick([same, (side) => side.toUpperCase(), () => undefined]),
  number: random.pick([same, (text) => Number(text).toFixed(8), Number]),
  /** Whether they show their client order ids. */
  isNamed: random.chance(0.5),
  /** How they say that they close no other order. */
  refid: random.pick([undefined, null, "None"]),
  /** Whether those with a `userref` show an id, too. */
  isNamedTwice: random.chance(0.3),
});

/** The period that a key may query, in milliseconds of a world: until or from some moment in it, or all of it. */
const periodOf = (random) =>
  random.pick([{ from: random.spread(1, 20_000) }, { until: random.spread(1, 60_000) }, { from: -86_400_000, until: 86_400_000 }]);

/**
 * Draws what is strange in a world.
 *
 * @param wait - the settle time of its callers. Lists are never older than they allow for.
 */
export function quirksOf(random, { kind }, wait) {
  const often = kind === "looks" || kind === "futures" ? 0.3 : 0.15;
  if (kind === "calm" || kind === "certainty" || !random.chance(often)) return PLAIN;
  const lists = LISTS[kind === "futures" ? "futures" : "spot"];
  return {
    /** Each list shows the account as it was up to so many milliseconds ago: each of several copies of the data is late in its own way. */
    stale: random.chance(0.5) ? wait * 0.45 : 0,
    /** When which lists fail. */
    outages: Array.from({ length: random.pick([0, 0, 1, 3]) }, () => outageOf(random, lists)),
    /** A list that no key may see. */
    denied: random.chance(0.1) ? random.pick(lists.filter((name) => name !== "Time")) : undefined,
    period: random.chance(0.3) ? periodOf(random) : undefined,
    row: random.chance(0.5) ? rowOf(random) : PLAIN_ROW,
    /** How likely an answer warns of something. */
    warns: random.pick([0, 0, 0.3]),
    /** How likely another program amends the volume of an open order. */
    amends: random.pick([0, 0, 0.5]),
    /** How likely a Spot order has a conditional close, which Kraken places under its `userref` once it is filled. */
    closes: random.pick([0, 0, 0.5]),
    /**
     * It looks at the client order id before the nonce, so that a second copy may be rejected for its id. Nobody could tell such a copy from an order with
     * the name of an earlier one, so all ids are random then.
     */
    idFirst: random.chance(0.3),
    /** How likely a Spot request is rejected before its nonce is looked at, because an address or a key has sent too many. */
    throttles: random.pick([0, 0, 0.1, 0.3]),
  };
}
