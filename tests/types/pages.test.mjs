// Histories, page by page, against stand-ins with 5,000 rows that grow while they are read.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ApiError, FuturesClient, SpotClient, pages } from "kraken-signer";

const ROWS = 5000;
const START = 1_700_000_000;

/** A Spot history as Kraken has it: the latest first, 50 at a time, `ofs` counted from the latest in the span. */
class SpotHistory {
  rows = [];
  calls = 0;
  /** How many rows come with each call. */
  growth = 0;
  #group;

  constructor(group, perSecond = 3) {
    this.#group = group;
    this.perSecond = perSecond;
    for (let place = 0; place < ROWS; place++) this.#add();
  }

  #add() {
    const place = this.rows.length;
    this.rows.push({ id: `T${place}`, time: START + Math.floor(place / this.perSecond) + (place % this.perSecond) / 10 });
  }

  call = async (endpoint, { start = 0, end = Infinity, ofs = 0, without_count, limit = 50 }) => {
    assert.match(endpoint, /^(TradesHistory|ClosedOrders|Ledgers)$/);
    this.calls++;
    assert.ok(this.calls < ROWS / 10, "it asks without end");
    const matching = this.rows.filter(({ time }) => time > Number(start) && time <= Number(end)).reverse();
    const page = matching.slice(ofs, ofs + limit).map(({ id, time }) => [id, { time, opentm: time, closetm: time }]);
    for (let added = 0; added < this.growth; added++) this.#add();
    return { [this.#group]: Object.fromEntries(page), ...(!without_count && { count: matching.length }) };
  };

  check() {}
}

const collect = async (rows) => {
  const ids = [];
  for await (const { id } of rows) ids.push(id);
  return ids;
};

const expected = Array.from({ length: ROWS }, (_, place) => `T${ROWS - 1 - place}`);

describe("Spot", () => {
  for (const [endpoint, group] of [
    ["TradesHistory", "trades"],
    ["ClosedOrders", "closed"],
    ["Ledgers", "ledger"],
  ]) {
    for (const growth of [0, 1, 7, 120])
      for (const without_count of [false, true])
        test(`${endpoint}: 5,000 rows, each once, in order, while ${growth} are added with each call${without_count ? ", without a count" : ""}`, async () => {
          const history = new SpotHistory(group);
          history.growth = growth;
          const ids = await collect(pages(history, endpoint, { without_count }));
          // Rows of the very second in which it began may be told, too.
          const early = ids.filter((id) => Number(id.slice(1)) >= ROWS);
          assert.deepEqual(
            ids.filter((id) => !early.includes(id)),
            expected,
          );
          assert.equal(new Set(ids).size, ids.length);
          assert.ok(early.length <= history.perSecond, `${early}`);
          assert.ok(history.calls <= ROWS / 50 + 3, `${history.calls} calls`);
        });
  }

  test("many rows in one second are returned once each, while more are added", async () => {
    const history = new SpotHistory("trades", 9);
    history.growth = 4;
    const ids = await collect(pages(history, "TradesHistory"));
    assert.deepEqual(
      ids.filter((id) => Number(id.slice(1)) < ROWS),
      expected,
    );
    assert.equal(new Set(ids).size, ids.length);
  });

  test("a given time span is kept", async () => {
    const history = new SpotHistory("trades");
    history.growth = 5;
    const [start, end] = [START + 100, START + 200];
    const ids = await collect(pages(history, "TradesHistory", { start, end }));
    assert.deepEqual(
      ids,
      history.rows
        .filter(({ time }) => time > start && time <= end)
        .map(({ id }) => id)
        .reverse(),
    );
  });

  test("an empty history takes one call", async () => {
    const history = new SpotHistory("trades");
    history.rows = [];
    assert.deepEqual(await collect(pages(history, "TradesHistory")), []);
    assert.equal(history.calls, 1);
  });

  test("pages are requested only as they are needed", async () => {
    const history = new SpotHistory("trades");
    for await (const { id } of pages(history, "TradesHistory")) if (id === expected[60]) break;
    assert.equal(history.calls, 2);
  });

  test("the parameters, the key and a signal go with each call", async () => {
    const seen = [];
    const client = {
      check() {},
      call: async (endpoint, params, options) => {
        seen.push([params, options.key, options.signal instanceof AbortSignal]);
        return { trades: seen.length < 3 ? { [`T${seen.length}`]: { time: 9 - seen.length } } : {} };
      },
    };
    const params = Object.freeze({ type: "closing position" });
    assert.deepEqual(await collect(pages(client, "TradesHistory", params, { key: "K" })), ["T1", "T2"]);
    assert.deepEqual(seen, [
      [{ type: "closing position" }, "K", true],
      [{ type: "closing position", end: 8, ofs: 1 }, "K", true],
      [{ type: "closing position", end: 8, ofs: 2 }, "K", true],
    ]);
  });

  test("rows without a time, or with a time that is no number, end nothing", async () => {
    for (const time of [undefined, null, `${START}.5`]) {
      const history = new SpotHistory("trades");
      const { call } = history;
      history.call = async (...args) => {
        const { trades, count } = await call(...args);
        return { trades: Object.fromEntries(Object.keys(trades).map((id) => [id, { time }])), count };
      };
      assert.deepEqual(await collect(pages(history, "TradesHistory")), expected);
    }
  });

  test("a rejection for the rate limit is waited out, and any other is thrown", async () => {
    const refusal = (kind, retryAfter) =>
      new ApiError({ endpoint: "TradesHistory", errors: ["EAPI:Rate limit exceeded"], kind, hint: "", retryable: true, retryAfter });
    const history = new SpotHistory("trades");
    let refusals = 0;
    const client = {
      check() {},
      call: async (...args) => {
        if (history.calls % 10 === 5 && refusals++ % 2 === 0) throw refusal("rate-limit", 5);
        return history.call(...args);
      },
    };
    assert.deepEqual(await collect(pages(client, "TradesHistory")), expected);
    assert.ok(refusals >= 10);
    client.call = async () => {
      throw refusal("permission");
    };
    await assert.rejects(collect(pages(client, "TradesHistory")), { kind: "permission" });
    client.call = async () => {
      throw refusal("rate-limit", 60_000);
    };
    await assert.rejects(collect(pages(client, "TradesHistory", {}, { timeout: 1000 })), { kind: "rate-limit" });
  });

  test("a signal ends the iteration within a page", async () => {
    const stop = new AbortController();
    const ids = [];
    await assert.rejects(
      async () => {
        for await (const { id } of pages(new SpotHistory("trades"), "TradesHistory", {}, { signal: stop.signal }))
          if (ids.push(id) === 3) stop.abort();
      },
      { name: "AbortError" },
    );
    assert.deepEqual(ids, expected.slice(0, 3));
  });

  test("a signal ends the wait", async () => {
    const client = {
      check() {},
      call: async () => {
        throw new ApiError({ endpoint: "Ledgers", errors: ["EAPI:Rate limit exceeded"], kind: "rate-limit", hint: "", retryable: true });
      },
    };
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await assert.rejects(collect(pages(client, "Ledgers", {}, { signal })), reason);
    const later = new AbortController();
    setTimeout(() => later.abort(reason), 20);
    await assert.rejects(collect(pages(client, "Ledgers", {}, { signal: later.signal })), reason);
  });
});

/** Futures histories as Kraken has them. */
class FuturesHistory {
  rows = Array.from({ length: ROWS }, (_, place) => this.#row(place));
  calls = 0;
  growth = 3;

  #row(place) {
    const time = new Date((START + Math.floor(place / 7)) * 1000).toISOString();
    return { uid: `T${place}`, fill_id: `T${place}`, id: place + 1, fillTime: time };
  }

  #grow() {
    for (let added = 0; added < this.growth; added++) this.rows.push(this.#row(this.rows.length));
  }

  get = async (endpoint, params) => {
    this.calls++;
    const result = this.#answer(endpoint, params);
    this.#grow();
    return result;
  };

  post() {}

  #answer(endpoint, { continuation_token, lastFillTime, from = 1, to = Infinity, sort = "desc", count = 100 }) {
    if (endpoint === "fills") {
      const before = lastFillTime === undefined ? Infinity : Date.parse(lastFillTime);
      return {
        fills: this.rows
          .filter(({ fillTime }) => Date.parse(fillTime) < before)
          .reverse()
          .slice(0, 100),
      };
    }
    if (endpoint.endsWith("account-log")) {
      const logs = this.rows.filter(({ id }) => id >= from && id <= to);
      return { logs: (sort === "asc" ? logs : logs.reverse()).slice(0, count) };
    }
    // The token names the row after which it goes on.
    const last = continuation_token === undefined ? (sort === "asc" ? -1 : this.rows.length) : Number(continuation_token);
    const elements =
      sort === "asc" ? this.rows.slice(last + 1, last + 1 + count) : this.rows.slice(Math.max(last - count, 0), last).reverse();
    const next = sort === "asc" ? last + elements.length : last - elements.length;
    const isLast = sort === "asc" ? next >= this.rows.length - 1 : next <= 0;
    return { elements, ...(!isLast && { continuationToken: `${next}` }) };
  }
}

describe("Futures", () => {
  const id = (row) => row.fill_id ?? row.uid;
  for (const endpoint of [
    "fills",
    ...["v2", "v3"].flatMap((version) =>
      ["executions", "orders", "triggers", "positions", "account-log"].map((name) => `/api/history/${version}/${name}`),
    ),
  ])
    test(`${endpoint}: 5,000 rows, each once, in order, while it grows`, async () => {
      const history = new FuturesHistory();
      const ids = [];
      for await (const row of pages(history, endpoint)) ids.push(id(row));
      assert.deepEqual(ids, expected);
      assert.ok(history.calls < 60, `${history.calls} calls`);
    });

  for (const endpoint of ["/api/history/v3/executions", "/api/history/v3/account-log"])
    test(`${endpoint}: the oldest first, including rows that are added meanwhile`, async () => {
      const history = new FuturesHistory();
      history.growth = 1;
      const ids = [];
      for await (const row of pages(history, endpoint, { sort: "asc" })) {
        ids.push(id(row));
        if (ids.length === 5030) history.growth = 0;
      }
      // What came after its last answer, it cannot know.
      assert.ok(ids.length >= ROWS);
      assert.deepEqual(ids, history.rows.slice(0, ids.length).map(id));
    });

  test("more fills in one millisecond than a page has are an error", async () => {
    const history = new FuturesHistory();
    history.growth = 0;
    history.rows.length = 250;
    for (const row of history.rows) row.fillTime = new Date(START * 1000).toISOString();
    const ids = [];
    const read = async () => {
      for await (const row of pages(history, "fills")) ids.push(id(row));
    };
    // Kraken gives no way to ask for the others: they are not left out in silence.
    await assert.rejects(read, { code: "ERR_UNAVAILABLE", message: /more than 100 at .*executions/ });
    assert.equal(ids.length, 100);
  });

  test("as many fills in one millisecond as a page has, and older ones, are returned", async () => {
    const history = new FuturesHistory();
    history.growth = 0;
    history.rows.length = 250;
    for (const row of history.rows.slice(-90)) row.fillTime = new Date(START * 2000).toISOString();
    const ids = [];
    for await (const row of pages(history, "fills")) ids.push(id(row));
    assert.equal(new Set(ids).size, 250);
  });

  test("a continuation token that is not a new text ends the iteration with an error, because there may be more rows", async () => {
    for (const continuationToken of ["same", 7, { at: 1 }]) {
      let calls = 0;
      const client = { post() {}, get: async () => ({ elements: [{ uid: `T${calls++}` }], continuationToken }) };
      const ids = [];
      const read = async () => {
        for await (const { uid } of pages(client, "/api/history/v3/orders")) ids.push(uid);
      };
      await assert.rejects(read, { code: "ERR_UNAVAILABLE", message: /orders: .* next page/ });
      assert.deepEqual(ids, continuationToken === "same" ? ["T0", "T1"] : ["T0"]);
    }
  });

  test("no continuation token, or none that is new behind the last row, ends the iteration", async () => {
    for (const continuationToken of [undefined, null, "", "same"]) {
      const rows = [{ uid: "T0" }];
      const client = { post() {}, get: async () => ({ elements: rows.splice(0), continuationToken }) };
      const ids = [];
      for await (const { uid } of pages(client, "/api/history/v3/orders")) ids.push(uid);
      assert.deepEqual(ids, ["T0"]);
    }
  });

  test("a row of the account log without a number ends the iteration with an error, and none of its page is left out", async () => {
    for (const unread of [undefined, null, "7"]) {
      const logs = [{ id: 9 }, { id: unread, is: "second" }, { id: unread, is: "third" }];
      const rows = [];
      const read = async () => {
        for await (const row of pages({ post() {}, get: async () => ({ logs }) }, "/api/history/v2/account-log")) rows.push(row);
      };
      await assert.rejects(read, { code: "ERR_UNAVAILABLE", message: /account-log: .* number/ });
      assert.deepEqual(rows, logs);
    }
  });

  test("a fill whose time cannot be read ends the iteration with an error, because older ones cannot be requested", async () => {
    const history = new FuturesHistory();
    const { get } = history;
    history.get = async (...args) => {
      const { fills } = await get(...args);
      return { fills: fills.map((fill) => (fill.fill_id === expected[150] ? { ...fill, fillTime: null } : fill)) };
    };
    const ids = [];
    const read = async () => {
      for await (const row of pages(history, "fills")) ids.push(id(row));
    };
    await assert.rejects(read, { code: "ERR_UNAVAILABLE", message: /fills: .* time/ });
    assert.deepEqual(ids, expected.slice(0, ids.length), "the rows of its page are returned");
  });
});

test("an endpoint that is not a history is refused before anything is sent", async () => {
  const secret = Buffer.alloc(64, 1).toString("base64");
  const fetcher = () => assert.fail("sent");
  const spot = new SpotClient({ key: "key", secret, fetch: fetcher });
  const futures = new FuturesClient({ key: "key", secret, fetch: fetcher });
  for (const [client, endpoint] of [
    [spot, "Balance"],
    [spot, "constructor"],
    [spot, "/api/history/v3/orders"],
    [futures, "TradesHistory"],
    [futures, "accounts"],
  ])
    await assert.rejects(collect(pages(client, endpoint)), { code: "ERR_INVALID_REQUEST" }, endpoint);
});
