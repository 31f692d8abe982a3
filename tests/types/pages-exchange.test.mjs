// Histories, page by page, against the package's own exchange: 5,000 rows that grow while they are read, under Kraken's rate limit.
import assert from "node:assert/strict";
import { after, before, describe, mock, test } from "node:test";
import { FuturesClient, SpotClient, pages } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const ROWS = 5000;
/** How many orders come meanwhile, with each page some. */
const MORE = 200;
/** A starter's: what calls it takes is more than it allows at once, many times over. */
const rateLimit = { max: 15, decay: 0.33 };

const turn = () => new Promise((resolve) => setImmediate(resolve));
/** The monotonic clock and the wall clock are one here. */
const simulateTime = () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.UTC(2026, 10, 28) });
  mock.method(performance, "now", () => Date.now());
};
const endSimulation = () => {
  mock.timers.reset();
  mock.restoreAll();
};
const range = (count) => Array.from({ length: count }, (_, place) => place);

/** Lets time pass while somebody waits for it: the rate limit of a quarter of an hour is over in a second. */
async function inSimulatedTime(exchange, work) {
  let isOver = false;
  const ended = work.finally(() => (isOver = true));
  while (!isOver) {
    await turn();
    if (exchange.underway === 0) mock.timers.tick(250);
  }
  return ended;
}

/** A `fetch` that lets a history grow with each request. */
const growing = (exchange, grow) => async (url, init) => {
  const response = await exchange.fetch(url, init);
  grow();
  return response;
};

/** Every row of a history, and what the exchange was asked meanwhile. */
async function readAll(exchange, rows) {
  const began = [exchange.requests.length, Date.now()];
  const all = [];
  await inSimulatedTime(
    exchange,
    (async () => {
      for await (const row of rows) all.push(row);
    })(),
  );
  const asked = exchange.requests.slice(began[0]);
  const refused = asked.filter(({ verdict }) => verdict === "refused");
  return { all, asked, refused, seconds: (Date.now() - began[1]) / 1000 };
}

/** Each of what was there before comes once; what came meanwhile at most once. */
function checkComplete(names, expected, perhaps = []) {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const lost = expected.filter((name) => !counts.has(name));
  const twice = [...counts].filter(([, count]) => count > 1).map(([name]) => name);
  const known = new Set([...expected, ...perhaps]);
  const strange = [...counts.keys()].filter((name) => !known.has(name));
  assert.deepEqual({ lost, twice, strange }, { lost: [], twice: [], strange: [] });
}

/** The rate limit was reached, and kept to: of the calls that were made, few were refused, and they took the time that the limit asks for. */
function checkRate({ asked, refused, seconds }, cost) {
  const done = asked.length - refused.length;
  assert.ok(refused.length > 0 && refused.length <= done / 10, `${refused.length} of ${asked.length} refused`);
  assert.ok(
    refused.every(({ errors }) => /Rate limit|apiLimit/.test(errors[0])),
    `${refused[0]?.errors}`,
  );
  const least = (done * cost - rateLimit.max) / rateLimit.decay;
  assert.ok(seconds >= least - 1 && seconds < least * 1.2 + 60, `${seconds} s instead of ${least}`);
}

describe("Spot", { timeout: 300_000 }, () => {
  let exchange;
  let client;
  let placed;
  let closed;
  let grow = () => {};

  /** Fills the next order, of which some share a second. */
  const close = () => {
    const txid = placed[closed++];
    if (txid === undefined) return;
    mock.timers.tick(137);
    exchange.fill(txid);
  };

  before(async () => {
    simulateTime();
    exchange = new Exchange({ rateLimit });
    client = new SpotClient({ ...exchange.addKey(), fetch: growing(exchange, () => grow()) });
    // Orders are filled in another order than they were placed in.
    const ids = [];
    const order = { ordertype: "limit", type: "buy", price: "10000", volume: "0.001" };
    const place = async () => {
      while (ids.length < ROWS + MORE) {
        // Other calls have their own counter in Kraken: here the clock lets this one sink.
        mock.timers.tick(4000);
        const { orders } = await client.call("AddOrderBatch", { pair: "XBTUSD", orders: range(15).map(() => order) });
        ids.push(...orders.map(({ txid }) => txid));
      }
    };
    await inSimulatedTime(exchange, place());
    const scattered = ids.slice(0, ROWS).map((id, place) => [(place * 7919) % ROWS, id]);
    placed = [...scattered.sort(([one], [other]) => one - other).map(([, id]) => id), ...ids.slice(ROWS)];
    closed = 0;
    while (closed < ROWS) close();
  });
  after(endSimulation);

  /** What was closed before a history is read, and what may be closed meanwhile. */
  const splitAt = (count) => [placed.slice(0, count), placed.slice(count)];

  for (const closetime of [undefined, "open", "close", "both"])
    test(`ClosedOrders${closetime ? ` by closetime ${closetime}` : ""}`, async () => {
      const [expected, perhaps] = splitAt(closed);
      grow = () => range(3).forEach(close);
      const history = await readAll(exchange, pages(client, "ClosedOrders", closetime && { closetime }));
      grow = () => {};
      checkComplete(
        history.all.map(({ id }) => id),
        expected,
        perhaps,
      );
      checkRate(history, 1);
    });

  for (const without_count of [undefined, true])
    test(`TradesHistory${without_count ? " without a count" : ""}`, async () => {
      const [expected, perhaps] = splitAt(closed);
      grow = close;
      const history = await readAll(exchange, pages(client, "TradesHistory", without_count && { without_count }));
      grow = () => {};
      assert.equal(new Set(history.all.map(({ id }) => id)).size, history.all.length);
      checkComplete(
        history.all.map(({ ordertxid }) => ordertxid),
        expected,
        perhaps,
      );
      const times = history.all.map(({ time }) => time);
      assert.deepEqual(
        times,
        [...times].sort((one, other) => other - one),
      );
      checkRate(history, 2);
    });

  test("Ledgers: what was bought, and what was paid", async () => {
    const trades = await readAll(exchange, pages(client, "TradesHistory"));
    grow = close;
    const history = await readAll(exchange, pages(client, "Ledgers", { type: "trade" }));
    grow = () => {};
    assert.equal(new Set(history.all.map(({ id }) => id)).size, history.all.length);
    const later = await readAll(exchange, pages(client, "TradesHistory"));
    const entries = ({ all }) => all.flatMap(({ id }) => [`${id} XXBT`, `${id} ZUSD`]);
    checkComplete(
      history.all.map(({ refid, asset }) => `${refid} ${asset}`),
      entries(trades),
      entries(later),
    );
    checkRate(history, 2);
  });
});

describe("Futures", { timeout: 300_000 }, () => {
  let exchange;
  let client;
  let quiet;
  let placed = 0;
  let grow = async () => {};

  /** Places orders that are filled at once, and stop orders that wait. */
  const place = async (count) => {
    const names = range(count).map((place) => placed + place);
    placed += count;
    const base = { order: "send", symbol: "PF_XBTUSD", size: "0.001" };
    const orders = names.flatMap((name) => [
      { ...base, order_tag: `f${name}`, orderType: "mkt", side: name % 2 ? "sell" : "buy", cliOrdId: `f${name}` },
      { ...base, order_tag: `s${name}`, orderType: "stp", side: "sell", stopPrice: 1000, cliOrdId: `s${name}` },
    ]);
    const { batchStatus } = await quiet.post("batchorder", { batchOrder: orders });
    assert.deepEqual(
      batchStatus.filter(({ status }) => status !== "placed"),
      [],
    );
  };

  before(async () => {
    simulateTime();
    exchange = new Exchange({ rateLimit });
    quiet = new FuturesClient({ ...exchange.addKey({ product: "futures" }), fetch: exchange.fetch });
    const fetch = async (url, init) => {
      const response = await exchange.fetch(url, init);
      await grow();
      return response;
    };
    client = new FuturesClient({ ...exchange.addKey({ product: "futures" }), fetch });
    const fill = async () => {
      while (placed < ROWS) {
        mock.timers.tick(4000);
        await place(25);
      }
    };
    await inSimulatedTime(exchange, fill());
  });
  after(endSimulation);

  const firstOf = (object) => Object.values(object)[0];
  const named = (letter, ...kinds) => range(placed).flatMap((place) => kinds.map((kind) => `${kind}${letter}${place}`));

  /** How the rows of each history are told apart, and which there are. */
  const HISTORIES = {
    fills: [({ cliOrdId }) => cliOrdId, () => named("f", "")],
    executions: [({ event }) => event.Execution.execution.order.clientId, () => named("f", "")],
    orders: [
      ({ event }) => `${Object.keys(event)[0]} ${(event.OrderUpdated?.newOrder ?? firstOf(event).order).clientId}`,
      () => named("f", "OrderPlaced ", "OrderUpdated "),
    ],
    triggers: [({ event }) => firstOf(event).order.clientId, () => named("s", "")],
    positions: [({ event }) => event.PositionUpdate.fillTime + event.PositionUpdate.executionUid, undefined],
    "account-log": [({ id }) => `${id}`, () => range(placed).map((place) => `${place + 1}`)],
  };

  for (const path of [
    "fills",
    ...["v2", "v3"].flatMap((version) =>
      Object.keys(HISTORIES)
        .slice(1)
        .map((kind) => `/api/history/${version}/${kind}`),
    ),
  ])
    for (const sort of /v3/.test(path) ? [undefined, "asc"] : [undefined])
      test(`${path}${sort ? ", the oldest first" : ""}`, async () => {
        const [nameOf, there] = HISTORIES[path.replace(/.*\//, "")];
        const [expected, count] = [there?.() ?? [], placed];
        let rest = 20;
        grow = async () => {
          if (rest-- <= 0) return;
          mock.timers.tick(5000);
          await place(2);
        };
        const params = { ...(sort && { sort }), ...(path !== "fills" && { count: 100 }) };
        const history = await readAll(exchange, pages(client, path, params));
        grow = async () => {};
        const names = history.all.map(nameOf);
        assert.equal(new Set(names).size, names.length);
        assert.ok(names.length >= count);
        checkComplete(names, there ? expected : names, there?.() ?? []);
        const refused = history.refused.filter(({ path: one }) => !/batchorder/.test(one));
        assert.ok(refused.length > 0, "the limit was never reached");
      });
});
