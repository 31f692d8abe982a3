// placeOrder ends with the order, with what refused it, or with an honest «unknown»: and never with two orders.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import test from "node:test";
import { FuturesClient, SpotClient, Totp, placeOrder, resolveOrder } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.01" };
const FUTURES = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 1, limitPrice: 10000 };
const quick = { deadline: 3000 };
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function open(keyOptions = {}, settings = {}) {
  const exchange = new Exchange();
  const { key, secret, setupKey } = exchange.addKey(keyOptions);
  const otp = setupKey && { otp: new Totp(setupKey) };
  return { exchange, client: new SpotClient({ key, secret, ...otp, fetch: exchange.fetch, ...settings }), key, secret };
}

const orders = (exchange) => exchange.executions.filter(({ endpoint }) => /^(AddOrder|sendorder)$/.test(endpoint));
const requests = (exchange) => exchange.requests.filter(({ endpoint }) => /^(AddOrder|sendorder)$/.test(endpoint));

test("an order is not sent once more if there is no time left to find out about that copy, too: it stays certain that nothing was placed", async () => {
  const { exchange, client } = open();
  exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder", times: 2 });
  await assert.rejects(placeOrder(client, ORDER, { deadline: 2500, timeout: 11_000 }), { code: "ERR_NETWORK" });
  assert.deepEqual([requests(exchange).length, orders(exchange).length], [1, 0]);
});

test(
  "a second copy that gets no answer leaves the time to find out about it, and a long settle time counts, too",
  { concurrency: true },
  async (t) => {
    const silent = ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    await Promise.all([
      t.test("no answer", async () => {
        const { exchange, key, secret } = open();
        const fetcher = (url, init) => (`${url}`.endsWith("/AddOrder") ? silent(init) : exchange.fetch(url, init));
        const client = new SpotClient({ key, secret, fetch: fetcher });
        await assert.rejects(placeOrder(client, ORDER, { deadline: 2500, timeout: 22_000, settle: 0 }), { code: "ERR_TIMEOUT" });
      }),
      t.test("a settle time of twelve seconds", async () => {
        const { exchange, client } = open();
        exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder", times: 2 });
        await assert.rejects(placeOrder(client, ORDER, { deadline: 2500, timeout: 28_000, settle: 12_000 }), { code: "ERR_NETWORK" });
      }),
    ]);
  },
);

test("an order gets an id and a deadline, and is returned with Kraken's id", async () => {
  const { exchange, client } = open();
  const given = Object.freeze({ ...ORDER });
  const placed = await placeOrder(client, given);
  const [{ params, result }] = orders(exchange);
  assert.deepEqual([placed.orderId, placed.clientOrderId, placed.found], [result.txid[0], params.cl_ord_id, false]);
  assert.match(params.cl_ord_id, /^[0-9a-f-]{36}$/);
  const ahead = Date.parse(params.deadline) - Date.now();
  assert.ok(ahead > 8000 && ahead <= 10_000, `${ahead} ms`);
});

test("given ids and deadlines are kept, and a userref is enough as an id", async () => {
  const { exchange, client } = open();
  const deadline = new Date(Date.now() + 10_000).toISOString();
  await placeOrder(client, { ...ORDER, cl_ord_id: "mine", deadline });
  await placeOrder(client, { ...ORDER, userref: 7 });
  const [first, second] = orders(exchange).map(({ params }) => params);
  assert.deepEqual([first.cl_ord_id, first.deadline], ["mine", deadline]);
  assert.deepEqual([second.cl_ord_id, `${second.userref}`], [undefined, "7"]);
});

test("an order that was placed without an answer is found", async (t) => {
  for (const fault of [
    { fault: "reset", when: "after" },
    { fault: "html", when: "after", status: 502 },
    { fault: "truncated" },
    { fault: "twice", answer: "second" },
    { fault: "error", error: "EService:Unavailable", when: "after" },
    { fault: "body", body: '{"error":[],"result":null}', when: "after" },
  ])
    await t.test(JSON.stringify(fault), async () => {
      const { exchange, client } = open();
      exchange.inject({ ...fault, endpoint: "AddOrder" });
      const placed = await placeOrder(client, ORDER, quick);
      assert.ok(placed.found && placed.orderId, "found by a look");
      assert.deepEqual([orders(exchange).length, placed.clientOrderId], [1, orders(exchange)[0].params.cl_ord_id]);
    });
});

test(
  "an order that was lost is sent once more after its deadline, with the same id and a new deadline",
  { concurrency: true },
  async (t) => {
    const faults = [
      { fault: "reset", when: "before" },
      { fault: "html", when: "before", status: 503 },
      { fault: "error", error: "EAPI:Invalid nonce" },
      { fault: "error", error: "ENew:Never seen" },
    ];
    const trials = faults.map((fault) =>
      t.test(JSON.stringify(fault), async () => {
        const { exchange, client } = open();
        exchange.inject({ ...fault, endpoint: "AddOrder" });
        const placed = await placeOrder(client, ORDER, quick);
        assert.ok(placed.orderId && !placed.found);
        assert.equal(orders(exchange).length, 1);
        const sent = requests(exchange).map(({ body }) => new URLSearchParams(body));
        assert.equal(sent.length, 2);
        for (const name of ["cl_ord_id", "price"]) assert.equal(sent[0].get(name), sent[1].get(name), name);
        assert.ok(Date.parse(sent[1].get("deadline")) - 2000 > Date.parse(sent[0].get("deadline")), "after the first deadline has passed");
        assert.ok(BigInt(sent[1].get("nonce")) > BigInt(sent[0].get("nonce")));
      }),
    );
    await Promise.all(trials);
  },
);

test("an order is sent at most twice, and then the certain error is thrown", async () => {
  const { exchange, client } = open();
  exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder", times: 9 });
  await assert.rejects(placeOrder(client, ORDER, quick), { name: "NetworkError", reason: "ECONNRESET" });
  assert.deepEqual([requests(exchange).length, orders(exchange).length], [2, 0]);
});

test("a client of the other copy of the package does as well: what was placed and not answered is found", async () => {
  const copy = createRequire(import.meta.url)("kraken-signer");
  for (const [place, { SpotClient: Client }] of [
    [placeOrder, copy],
    [copy.placeOrder, { SpotClient }],
  ]) {
    const exchange = new Exchange();
    const { key, secret } = exchange.addKey();
    exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
    const { found } = await place(new Client({ key, secret, fetch: exchange.fetch }), ORDER, quick);
    assert.equal(found, true);
    assert.equal(orders(exchange).length, 1);
  }
});

test("an order that is not placed because Kraken is unavailable may be sent again later", { concurrency: true }, async (t) => {
  const bodies = {
    '{"error":["EService:Unavailable"]}': true,
    '{"error":["EService:Throttled: 1700000000"]}': true,
    '{"error":["EAPI:Invalid nonce"]}': false,
  };
  const all = Object.entries(bodies).flatMap(([body, retryable]) =>
    [true, false].map((hasDeadline) =>
      t.test(`${body}${hasDeadline ? ", with a deadline of the caller" : ""}`, async () => {
        const { exchange, client } = open();
        exchange.inject({ fault: "body", body, endpoint: "AddOrder", when: "before", times: 2 });
        const order = hasDeadline ? { ...ORDER, deadline: new Date(Date.now() + 2500).toISOString() } : ORDER;
        const error = await placeOrder(client, order, { deadline: 2500, settle: 0 }).then(assert.fail, (reason) => reason);
        assert.equal(error.code, "ERR_API", error.stack);
        // What is sent after its own deadline is rejected.
        assert.equal(error.retryable, retryable && !hasDeadline);
      }),
    ),
  );
  await Promise.all(all);
});

test("after a given deadline, nothing is sent again", async () => {
  const { exchange, client } = open();
  exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder" });
  const deadline = new Date(Date.now() + 2500).toISOString();
  await assert.rejects(placeOrder(client, { ...ORDER, deadline }), { name: "NetworkError" });
  assert.equal(requests(exchange).length, 1);
});

test("an order that waits in the exchange's engine is not considered lost, even if a higher nonce was accepted", async () => {
  const { exchange, client } = open();
  exchange.inject({ fault: "hold", ms: 1500, where: "engine", meanwhile: "reset", endpoint: "AddOrder" });
  const placed = await placeOrder(client, ORDER, { deadline: 4000 });
  assert.ok(placed.found && placed.orderId);
  await exchange.settle();
  assert.equal(orders(exchange).length, 1);
});

test("a rejection by Kraken is thrown unchanged, at once", async () => {
  const { exchange, client } = open();
  await assert.rejects(placeOrder(client, { ...ORDER, volume: "99999999" }), { name: "ApiError", kind: "order" });
  assert.equal(exchange.requests.length, 1);
});

test("if the outcome cannot be found out, the error has every id and the reason", async () => {
  const { exchange, client } = open({ permissions: ["modify-trades"] });
  exchange.inject({ fault: "reset", when: "after", endpoint: "AddOrder" });
  await assert.rejects(placeOrder(client, { ...ORDER, cl_ord_id: "mine" }, quick), (error) => {
    assert.deepEqual([error.name, error.clientOrderId], ["UnknownOutcomeError", "mine"]);
    assert.match(error.reason, /Permission denied/);
    return error.deadline !== undefined;
  });
});

test("after an abort, the outcome is unknown, and the order is not sent again", async () => {
  const { exchange, client } = open();
  const stop = new AbortController();
  exchange.inject({ fault: "delay", when: "before", ms: 300, endpoint: "AddOrder" });
  setTimeout(() => stop.abort(new Error("enough")), 50);
  await assert.rejects(placeOrder(client, ORDER, { ...quick, signal: stop.signal }), { name: "UnknownOutcomeError" });
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.equal(requests(exchange).length, 1);
});

test("if an open order already has the id, that order is returned, as when a queue delivers a message twice", async () => {
  const { exchange, client } = open();
  const first = await placeOrder(client, { ...ORDER, cl_ord_id: "message-1" });
  const second = await placeOrder(client, { ...ORDER, cl_ord_id: "message-1" }, quick);
  assert.deepEqual([second.orderId, second.found], [first.orderId, true]);
  assert.equal(orders(exchange).length, 1);
});

test("Kraken knows the id that was made here, and the open orders cannot be listed: the order is not reported as rejected", async () => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey();
  let sent = 0;
  let listed = 0;
  // The answer to the first copy is lost, and the lists lack it until the second one is sent. Then a gateway fails for a moment.
  const fetch = async (url, init) => {
    const answer = await exchange.fetch(url, init);
    if (/AddOrder$/.test(url) && ++sent === 1) throw new TypeError("fetch failed");
    if (!/Orders$/.test(url)) return answer;
    if (sent === 1) return Response.json({ error: [], result: { open: {}, closed: {}, count: 0 } });
    return ++listed > 1 ? answer : new Response("", { status: 502 });
  };
  const { found } = await placeOrder(new SpotClient({ key, secret, fetch, retries: 0 }), ORDER, quick);
  assert.deepEqual([found, sent, orders(exchange).length], [true, 2, 1]);
});

test("with single-use codes, an order that arrived twice is never reported as rejected", async () => {
  const { exchange, client } = open({ otp: { singleUse: true } });
  exchange.inject({ fault: "twice", answer: "second", endpoint: "AddOrder" });
  const error = await client.call("AddOrder", ORDER).catch((reason) => reason);
  assert.deepEqual([error.name, error.cause?.kind], ["UnknownOutcomeError", "signature"]);
  assert.equal(orders(exchange).length, 1);
});

test("an order that arrived twice is not reported as rejected either if Kraken names the code that the first copy has used up", async () => {
  const exchange = new Exchange();
  const { key, secret, otp } = exchange.addKey({ otp: { singleUse: true } });
  exchange.inject({ fault: "twice", answer: "second", endpoint: "AddOrder" });
  const fetch = async (url, init) => {
    const { error, result } = await (await exchange.fetch(url, init)).json();
    return Response.json({ error: error.map((one) => one.replace("EAPI:Invalid signature", "EGeneral:Invalid arguments:otp")), result });
  };
  const error = await new SpotClient({ key, secret, otp, fetch }).call("AddOrder", ORDER).catch((reason) => reason);
  assert.deepEqual([error.name, error.cause?.kind], ["UnknownOutcomeError", "otp"]);
  assert.equal(orders(exchange).length, 1);
});

/** Never the same code twice, as whoever uses codes for once only has to; the second one takes so many milliseconds to make. */
function typedIn(totp, delay) {
  let last;
  let made = 0;
  return async () => {
    if (++made === 2) await later(delay);
    while (totp.code() === last) await later(20);
    return (last = totp.code());
  };
}

function openWithTypedCodes(delay) {
  const exchange = new Exchange();
  const { key, secret, setupKey } = exchange.addKey({ otp: { singleUse: true, period: 1 } });
  const otp = typedIn(new Totp(setupKey, { period: 1 }), delay);
  // A `fetch` that does not listen to signals, as there are some.
  const deaf = (url, init) => exchange.fetch(url, { ...init, signal: undefined });
  return { exchange, client: new SpotClient({ key, secret, otp, fetch: deaf }) };
}

test("if a fresh code takes longer than the timeout, the order is not reported as rejected, and nothing is sent afterwards", async () => {
  const { exchange, client } = openWithTypedCodes(1500);
  exchange.inject({ fault: "twice", answer: "second", endpoint: "AddOrder" });
  const error = await client.call("AddOrder", ORDER, { timeout: 1000 }).catch((reason) => reason);
  assert.deepEqual([error.name, error.cause?.name], ["UnknownOutcomeError", "TimeoutError"]);
  const sent = requests(exchange).length;
  await later(2000);
  assert.deepEqual([requests(exchange).length, orders(exchange).length], [sent, 1]);
});

test("if a fresh code took long, the age of the order counts from the first code", { timeout: 60_000 }, async () => {
  const { exchange, client } = openWithTypedCodes(4500);
  exchange.inject({ fault: "twice", answer: "second", endpoint: "AddOrder" });
  exchange.inject({ fault: "reset", when: "before", endpoint: "AddOrder" });
  const error = await client.call("AddOrder", ORDER).catch((reason) => reason);
  assert.deepEqual([error.name, error.cause?.name], ["UnknownOutcomeError", "NetworkError"]);
  const { outcome, reason } = await resolveOrder(client, error, { timeout: 30_000, settle: 0 });
  assert.equal(outcome, "placed", reason);
});

test(
  "a rejection of a fresh code's request proves nothing of the first one, unless it comes after the check of the nonce",
  { concurrency: true },
  async (t) => {
    const trial = async (error) => {
      const { exchange, client } = openWithTypedCodes(0);
      exchange.inject({ fault: "twice", answer: "second", endpoint: "AddOrder" });
      exchange.inject({ fault: "error", error, endpoint: "AddOrder" });
      const { name, cause } = await client.call("AddOrder", ORDER).catch((reason) => reason);
      assert.equal(orders(exchange).length, 1, "the first copy has run");
      return [name, cause?.errors?.[0]];
    };
    const all = ["EAPI:Rate limit exceeded", "EGeneral:Permission denied", "EAPI:Invalid key"].map((error) =>
      t.test(error, async () => assert.deepEqual(await trial(error), ["UnknownOutcomeError", error])),
    );
    all.push(
      t.test("the engine's own", async () => {
        // Kraken's engine gets no request whose nonce was used.
        const { exchange, client } = openWithTypedCodes(0);
        exchange.inject({ fault: "error", error: "EAPI:Invalid signature", endpoint: "AddOrder" });
        const rejected = client.call("AddOrder", { ...ORDER, volume: "99999999" });
        await assert.rejects(rejected, { name: "ApiError", errors: ["EOrder:Insufficient funds"] });
        assert.equal(orders(exchange).length, 0);
      }),
    );
    await Promise.all(all);
  },
);

test("Futures orders are found by cliOrdId, and sent again after processBefore", async () => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey({ product: "futures" });
  const client = new FuturesClient({ key, secret, fetch: exchange.fetch });
  const placed = await placeOrder(client, FUTURES);
  const [{ params }] = orders(exchange);
  assert.ok(placed.orderId && params.cliOrdId === placed.clientOrderId && Date.parse(params.processBefore) > Date.now());
  exchange.inject({ fault: "reset", when: "after", endpoint: "sendorder" });
  const found = await placeOrder(client, FUTURES, quick);
  assert.ok(found.found && found.orderId !== placed.orderId);
  exchange.inject({ fault: "reset", when: "before", endpoint: "sendorder" });
  const again = await placeOrder(client, FUTURES, quick);
  assert.ok(again.orderId && !again.found);
  assert.equal(orders(exchange).length, 3);
});

/** A `fetch` to an exchange whose answers to an endpoint are rewritten. */
const rewritten = (exchange, endpoint, rewrite) => async (url, options) => {
  const response = await exchange.fetch(url, options);
  if (!url.endsWith(`/${endpoint}`)) return response;
  return new Response(rewrite(await response.text()), { status: response.status, headers: response.headers });
};

const withoutId = (text) => {
  const answer = JSON.parse(text);
  if (answer.sendStatus) delete answer.sendStatus.order_id;
  return JSON.stringify(answer);
};

test("a Futures order that is placed, but whose id is missing in the answer, is found, and never returned with an empty id", async () => {
  for (const order of [FUTURES, { ...FUTURES, cliOrdId: "mine" }, { orderType: "mkt", symbol: "PF_XBTUSD", side: "buy", size: 1 }]) {
    const exchange = new Exchange();
    const { key, secret } = exchange.addKey({ product: "futures" });
    const client = new FuturesClient({ key, secret, fetch: rewritten(exchange, "sendorder", withoutId) });
    const placed = await placeOrder(client, order, quick);
    const [{ result }] = orders(exchange);
    assert.deepEqual([placed.orderId, placed.found, orders(exchange).length], [result.sendStatus.order_id, true, 1]);
  }
});

test("a Futures order that is said to be placed, without an id and without an order, is unknown, and is not sent again", async () => {
  const exchange = new Exchange();
  const { key, secret } = exchange.addKey({ product: "futures" });
  let sent = 0;
  const answer = { result: "success", sendStatus: { status: "placed" }, serverTime: new Date().toISOString() };
  const fetch = async (url, options) => {
    if (!url.endsWith("/sendorder")) return exchange.fetch(url, options);
    sent++;
    return Response.json(answer);
  };
  const client = new FuturesClient({ key, secret, fetch });
  await assert.rejects(placeOrder(client, FUTURES, { ...quick, timeout: 4000, settle: 100 }), (error) => {
    assert.deepEqual([error.code, error.endpoint, typeof error.clientOrderId], ["ERR_UNKNOWN_OUTCOME", "sendorder", "string"]);
    assert.ok(error.reason);
    return true;
  });
  assert.equal(sent, 1);
});

test("a Futures order that is said to be placed, without an id, is not another open order with the client order id that it was given", async () => {
  const exchange = new Exchange();
  const client = new FuturesClient({ ...exchange.addKey({ product: "futures" }), fetch: exchange.fetch });
  await client.post("sendorder", { ...FUTURES, cliOrdId: "mine", side: "sell", limitPrice: 90000 });
  const answer = { result: "success", sendStatus: { status: "placed" }, serverTime: new Date().toISOString() };
  exchange.inject({ fault: "body", body: JSON.stringify(answer), endpoint: "sendorder" });
  const placed = placeOrder(client, { ...FUTURES, cliOrdId: "mine" }, { ...quick, timeout: 4000, settle: 100 });
  await assert.rejects(placed, { code: "ERR_UNKNOWN_OUTCOME", clientOrderId: "mine" });
});
