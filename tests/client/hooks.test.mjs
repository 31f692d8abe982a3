// The hooks of a client: what they are told, and that whatever they do changes nothing.
import assert from "node:assert/strict";
import test from "node:test";
import { FuturesClient, SpotClient, Totp, UnknownOutcomeError } from "kraken-signer";
import { Exchange } from "kraken-signer/testing";

const ORDER = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "30000", volume: "1" };
const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** An exchange, and a client that writes down all its events. */
function observed({ exchange: settings, key = {}, hooks, ...options } = {}) {
  const exchange = new Exchange(settings);
  const credential = exchange.addKey(key);
  const events = [];
  const note = (name) => (event) => void events.push([name, event]);
  const noting = Object.fromEntries(["onRequest", "onResponse", "onRetry", "onError"].map((name) => [name, note(name)]));
  const Client = key.product === "futures" ? FuturesClient : SpotClient;
  const otp = credential.setupKey && { otp: new Totp(credential.setupKey) };
  const client = new Client({ ...credential, ...otp, fetch: exchange.fetch, hooks: hooks ?? noting, ...options });
  return { exchange, client, credential, events, names: () => events.map(([name]) => name) };
}

test("a call has a request and a response, with endpoint, nonce, times, status and outcome", async () => {
  const { client, events, credential, exchange } = observed({ exchange: { arrivalDelay: () => 30 } });
  await client.call("AddOrder", ORDER);
  const [[first, request], [second, response]] = events;
  assert.deepEqual([events.length, first, second], [2, "onRequest", "onResponse"]);
  const nonce = exchange.executions[0].nonce;
  const known = { call: 1, endpoint: "AddOrder", attempt: 1, write: true, keyEnding: credential.key.slice(-4), nonce: String(nonce) };
  assert.deepEqual({ ...request, queued: 0 }, { ...known, queued: 0, duration: 0 });
  const { queued, duration, ...facts } = response;
  assert.deepEqual(facts, { ...known, status: 200, errors: [], kind: undefined, outcome: "done" });
  assert.ok(duration >= 29 && duration < 1000, `${duration} ms on the way`);
  assert.ok(queued >= 0 && queued < 500, `${queued} ms in the queue`);
});

test("the time in the queue is that of the requests before", async () => {
  const { client, events } = observed({ exchange: { arrivalDelay: () => 40 } });
  await Promise.all([client.call("Balance"), client.call("Balance"), client.call("Balance")]);
  const queued = events.filter(([name]) => name === "onResponse").map(([, event]) => event.queued);
  assert.ok(queued[0] < 30 && queued[1] >= 35 && queued[2] >= 75, `${queued} ms`);
  assert.deepEqual(
    events.map(([, { call }]) => call),
    [1, 1, 2, 2, 3, 3],
  );
});

test("public endpoints have neither key nor nonce; Futures calls have both", async () => {
  const spot = observed();
  await spot.client.call("Time");
  assert.deepEqual([spot.events[1][1].keyEnding, spot.events[1][1].nonce], [undefined, undefined]);
  const futures = observed({ key: { product: "futures" } });
  await futures.client.get("accounts");
  const [, { endpoint, keyEnding, nonce }] = futures.events[0];
  assert.deepEqual([endpoint, keyEnding], ["accounts", futures.credential.key.slice(-4)]);
  assert.match(nonce, /^\d{13}$/);
});

test("each further attempt is announced, with its pause and why", async () => {
  const { client, exchange, events, names } = observed({ retries: 2 });
  exchange.inject({ fault: "error", error: "EService:Unavailable" });
  exchange.inject({ fault: "reset", when: "before" });
  await client.call("Balance");
  assert.deepEqual(names(), ["onRequest", "onResponse", "onRetry", "onRequest", "onRetry", "onRequest", "onResponse"]);
  const [first, second] = events.filter(([name]) => name === "onRetry").map(([, event]) => event);
  assert.deepEqual([first.attempt, first.status, first.errors, first.kind], [1, 200, ["EService:Unavailable"], "unavailable"]);
  assert.ok(first.pause >= 500 && first.pause <= 1000);
  assert.deepEqual([second.attempt, second.status, second.errors, second.kind], [2, undefined, [], undefined]);
  assert.ok(second.duration < 400, `the pause is not part of the time on the way: ${second.duration} ms`);
});

test("a call that fails ends with its own error, and with what Kraken said", async () => {
  const { client, exchange, events, names } = observed();
  exchange.inject({ fault: "error", error: "EOrder:Insufficient funds" });
  const rejected = await client.call("AddOrder", ORDER).catch((error) => error);
  assert.deepEqual(names(), ["onRequest", "onResponse", "onError"]);
  assert.equal(events[2][1].error, rejected);
  assert.deepEqual(
    [events[1][1].outcome, events[2][1].kind, events[2][1].errors],
    ["rejected", rejected.kind, ["EOrder:Insufficient funds"]],
  );

  events.length = 0;
  exchange.inject({ fault: "reset", when: "after" });
  const unknown = await client.call("AddOrder", ORDER).catch((error) => error);
  assert.ok(unknown instanceof UnknownOutcomeError);
  assert.deepEqual(names(), ["onRequest", "onError"]);
  assert.deepEqual([events[1][1].error, events[1][1].nonce, events[1][1].status], [unknown, unknown.nonce, undefined]);
});

test("calls that end in the queue or in a pause have an error event, too", async () => {
  const { client, exchange, events, names } = observed({ exchange: { arrivalDelay: () => 100 } });
  const [, waiting] = await Promise.allSettled([client.call("Balance"), client.call("Balance", {}, { timeout: 30 })]);
  const [, event] = events.find(([name]) => name === "onError");
  assert.deepEqual([event.error, event.nonce, event.duration, event.call], [waiting.reason, undefined, 0, 2]);
  assert.ok(event.queued >= 25, `${event.queued} ms`);

  events.length = 0;
  exchange.inject({ fault: "error", error: "EService:Unavailable" });
  const controller = new AbortController();
  const reason = new Error("stopped");
  const paused = client.call("Balance", {}, { signal: controller.signal });
  while (!names().includes("onRetry")) await later(5);
  controller.abort(reason);
  await assert.rejects(paused, reason);
  assert.equal(events.at(-1)[0], "onError");
  assert.equal(events.at(-1)[1].error, reason);
});

test("an answer that comes after the call has ended causes no event", async () => {
  const slow = new Exchange({ arrivalDelay: () => 80 });
  // Deaf to its signal, so that the answer does come.
  const fetch = (url, init) => slow.fetch(url, { ...init, signal: undefined });
  const { client, names } = observed({ fetch, retries: 0 });
  await client.call("Balance", {}, { timeout: 40 }).catch(() => {});
  await later(120);
  assert.deepEqual(names(), ["onRequest", "onError"]);
});

test("a code that ran out is one attempt with two requests and one nonce", async () => {
  let code = 0;
  const { client, exchange, events, names } = observed({ otp: () => String(++code).padStart(6, "0") });
  exchange.inject({ fault: "error", error: "EAPI:Invalid signature" });
  await client.call("Balance").catch(() => {});
  assert.deepEqual(names().slice(0, 4), ["onRequest", "onResponse", "onRequest", "onResponse"]);
  assert.equal(new Set(events.slice(0, 4).map(([, { nonce, attempt }]) => `${nonce} ${attempt}`)).size, 1);

  events.length = 0;
  exchange.inject({ fault: "error", error: "EAPI:Invalid signature" });
  exchange.inject({ fault: "reset", when: "before" });
  await client.call("Balance", {}, { retries: 0 }).catch(() => {});
  assert.deepEqual(names(), ["onRequest", "onResponse", "onRequest", "onError"]);
  assert.ok(events[3][1].duration >= 0, `${events[3][1].duration} ms`);
});

/** Hooks that do what they should not. */
const BAD_HOOKS = {
  "throw an error": () => {
    throw new Error("a hook");
  },
  "throw undefined": () => {
    throw undefined;
  },
  "return a promise that rejects": () => Promise.reject(new Error("a hook")),
  "return a thenable that throws": () => ({
    then() {
      throw new Error("a hook");
    },
  }),
  "return a promise that never settles": () => new Promise(() => {}),
  "change the event": (event) => {
    for (const name of Object.keys(event)) delete event[name];
    event.outcome = "done";
  },
  "empty the lists of the event": (event) => event.errors?.splice(0),
};

for (const [what, hook] of Object.entries(BAD_HOOKS)) {
  test(`hooks that ${what} change nothing`, async () => {
    const unhandled = [];
    const listen = (error) => unhandled.push(error);
    process.on("unhandledRejection", listen);
    const hooks = { onRequest: hook, onResponse: hook, onRetry: hook, onError: hook };
    const { client, exchange } = observed({ hooks });
    assert.ok((await client.call("AddOrder", ORDER)).txid);
    exchange.inject({ fault: "error", error: "EService:Unavailable" });
    assert.ok(await client.call("Balance"));
    exchange.inject({ fault: "error", error: "EOrder:Insufficient funds" });
    await assert.rejects(client.call("AddOrder", ORDER), { kind: "order", errors: ["EOrder:Insufficient funds"] });
    exchange.inject({ fault: "reset", when: "after" });
    await assert.rejects(client.call("AddOrder", ORDER), UnknownOutcomeError);
    await later(10);
    process.off("unhandledRejection", listen);
    assert.deepEqual(unhandled, []);
  });
}

test("a hook may use the client, and is called as a method", async () => {
  const more = [];
  class Counting {
    #calls = 0;
    get calls() {
      return this.#calls;
    }
    onResponse({ endpoint }) {
      this.#calls += 1;
      if (endpoint === "Balance") more.push(client.call("OpenOrders"));
    }
  }
  const hooks = new Counting();
  const { client } = observed({ hooks });
  await client.call("Balance");
  await Promise.all(more);
  assert.equal(hooks.calls, 2);
});

test("a hook that blocks the event loop delays no request that it is told of", async () => {
  const arrived = [];
  const { client } = observed({
    hooks: {
      onRequest() {
        assert.equal(arrived.length, 1, "the request has been given to fetch");
        const end = performance.now() + 100;
        while (performance.now() < end);
      },
    },
    fetch: async () => {
      arrived.push(performance.now());
      return new Response('{"error":[],"result":{}}', { status: 200 });
    },
  });
  await client.call("Balance");
  assert.equal(arrived.length, 1);
});
