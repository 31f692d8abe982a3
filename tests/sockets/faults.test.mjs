// Every fault × every kind of message over a socket: nothing that changes something is carried out twice, every outcome bears its right name,
// and nobody waits longer than was allowed. The same over REST: tests/client/suite/fault-matrix.mjs.
import assert from "node:assert/strict";
import test from "node:test";
import { address, Exchange, FAST, FuturesSocket, later, LIMIT, SpotClient, SpotSocket } from "./helper.mjs";

/** The timeout where a call ends without success, and where it succeeds, so that a busy machine is no fault. */
const [TIMEOUT, PATIENCE] = [300, 10_000];
const timeoutOf = (row) => (row.any || row.write === "UnknownOutcomeError" ? TIMEOUT : PATIENCE);
const unknown = "UnknownOutcomeError";

/** What is sent over the Spot socket. `prepare` places what a message is about. */
const spotCalls = {
  add_order: { write: true, call: (socket) => socket.call("add_order", LIMIT) },
  "add_order with a userref": { write: true, call: (socket) => socket.call("add_order", { ...LIMIT, order_userref: 7 }) },
  batch_add: {
    write: true,
    call: (socket) => socket.call("batch_add", { symbol: LIMIT.symbol, orders: [LIMIT, LIMIT].map(withoutSymbol) }),
  },
  amend_order: { write: true, prepare: place, call: (socket, id) => socket.call("amend_order", { order_id: id, order_qty: 0.2 }) },
  edit_order: {
    write: true,
    prepare: place,
    call: (socket, id) => socket.call("edit_order", { order_id: id, symbol: LIMIT.symbol, order_qty: 0.2 }),
  },
  cancel_order: { write: true, prepare: place, call: (socket, id) => socket.call("cancel_order", { order_id: [id] }) },
  batch_cancel: { write: true, prepare: place, call: (socket, id) => socket.call("batch_cancel", { orders: [id, "OAAAAA-AAAAA-AAAAAA"] }) },
  cancel_all: { write: true, prepare: place, call: (socket) => socket.call("cancel_all", {}) },
  cancel_all_orders_after: { write: true, call: (socket) => socket.call("cancel_all_orders_after", { timeout: 60 }) },
  ping: { write: false, answer: "pong", call: (socket) => socket.ping() },
  subscribe: { write: false, channel: "executions", call: (socket) => socket.subscribe("executions") },
};

function withoutSymbol({ symbol: _symbol, ...order }) {
  return order;
}

async function place({ client }) {
  const { txid } = await client.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "10000", volume: "0.1" });
  return txid[0];
}

/** What is sent over the Futures socket: it has no trading. */
const futuresCalls = {
  "subscribe to a private feed": { write: false, channel: "open_orders", call: (socket) => socket.subscribe("open_orders") },
  "subscribe to a public feed": {
    write: false,
    channel: "ticker",
    call: (socket) => socket.subscribe("ticker", { product_ids: ["PF_XBTUSD"] }),
  },
};

const json = (value) => JSON.stringify(value);
const answer =
  (rest) =>
  ({ message }) => {
    const { method, req_id } = message ?? {};
    return json({ method, req_id, ...rest });
  };
const raw = (data, at = "executed") => ({ fault: "raw", at, data });

/**
 * `write`: how a call that changes something ends, `undefined` for its result. `read`: the same of one that changes nothing, where a socket does
 * not try again by itself. `any`: either way of ending is right, as long as it is true.
 */
const faults = [
  ...["received", "executed"].flatMap((at) =>
    ["reset", "close", "silence", "lose"].map((fault) => ({ fault: { fault, at }, write: unknown })),
  ),
  ...["reset", "close"].map((fault) => ({ fault: { fault, at: "sent" }, any: true })),
  ...["silence", "half", "lose"].map((fault) => ({ fault: { fault, at: "sent" }, any: true })),
  { fault: { fault: "twice", at: "sent" }, write: undefined },
  { fault: { fault: "hold", at: "received", ms: 50 }, write: undefined },
  { fault: { fault: "hold", at: "received", ms: 50, where: "engine" }, write: undefined },
  { fault: { fault: "hold", at: "received", ms: 500 }, write: unknown },
  { fault: { fault: "hold", at: "received", ms: 500, where: "engine" }, write: unknown },
  ...[
    "EService:Unavailable",
    "EService:Busy",
    "EService:Deadline elapsed",
    "EGeneral:Internal error",
    "ENew:Never seen",
    "EOrder:Never seen",
  ].map((error) => ({ spot: true, fault: { fault: "error", at: "received", error }, write: unknown })),
  ...["EOrder:Insufficient funds", "EGeneral:Permission denied", "EAPI:Rate limit exceeded", "EService:Market in post_only mode"].map(
    (error) => ({
      spot: true,
      fault: { fault: "error", at: "received", error },
      write: "ApiError",
    }),
  ),
  // What says neither yes nor no to that very message, although it was carried out; and before it is, which ends it.
  ...[
    "",
    "null",
    "[]",
    "7",
    "<html><body>502 Bad Gateway</body></html>",
    '{"method":"add_order"',
    '{"message":"Endpoint request timed out"}',
    new Uint8Array([0, 255, 128, 9]),
  ].flatMap((data) => ["received", "executed"].map((at) => ({ fault: raw(data, at), write: unknown }))),
  ...[
    {},
    { success: "true" },
    { success: 1 },
    { success: null, result: { order_id: "O1" } },
    { success: true, error: "EOrder:Insufficient funds" },
    { success: true, error: {} },
    { success: false },
    { success: false, error: { toString: 1 } },
    { success: false, error: ["EOrder:Insufficient funds"] },
    { success: true, result: "done" },
    { success: true, method: "pong" },
    { success: true, method: "cancel_orders" },
  ].map((rest) => ({ spot: true, fault: raw(answer(rest)), write: unknown })),
  { spot: true, fault: raw(({ message }) => json({ ...message, req_id: 999_999 })), write: unknown },
];

/** Which messages a fault strikes: those of the call, and their answers. */
const strikesAt = (name, { channel, answer: said }) => {
  const method = name.split(" ")[0];
  return ({ at, name: point }) =>
    point === (at === "executed" || at === "sent" ? (said ?? channel ?? method) : (channel ?? method)) || point === method;
};

/** The most milliseconds that a call may take: its timeout, and some for a busy machine. */
const mostOf = (row) => timeoutOf(row) + 1500;

/** Where the machine was so busy that a message was not sent in time, or its end was late, it is tried again, a few times: a defect shows each time. */
async function attempt(make, name, kind, row) {
  for (let tries = 1; ; tries++) {
    const seen = await once(make, name, kind, row);
    const isUnsent = seen.end?.name === "TimeoutError" && seen.end.message.includes("not sent") && !seen.executed;
    if (tries === 5 || !(isUnsent || seen.took > mostOf(row))) return seen;
  }
}

async function once(make, name, kind, row) {
  const exchange = new Exchange({ sockets: { attempts: 1e6, heartbeat: 1e6 } });
  const { socket, client } = make(exchange, timeoutOf(row));
  try {
    const id = await kind.prepare?.({ client });
    await socket.ping?.({ timeout: 5000 });
    const before = exchange.executions.length;
    const injection = exchange.injectSocket({ ...row.fault, match: strikesAt(name, kind) });
    const begun = performance.now();
    const end = await kind.call(socket, id).then(
      () => undefined,
      (error) => error,
    );
    const took = performance.now() - begun;
    injection.release?.();
    // What is on its way arrives.
    await later(row.fault.fault === "hold" ? 600 : 20);
    return { end, took, executed: exchange.executions.slice(before).filter(({ write }) => write).length };
  } finally {
    socket.close();
  }
}

/** What is wrong with how a call ended, if anything is. */
function problemOf(kind, row, { end, took, executed }) {
  const times = kind.write ? 1 : 0;
  if (took > mostOf(row)) return `took ${Math.round(took)} ms`;
  if (executed > times) return `executed ${executed} times`;
  if (!kind.write) return end === undefined || end instanceof Error ? undefined : `ended with ${end}`;
  if (end === undefined && executed !== 1) return "said to be done, and was not";
  if (end !== undefined && end.name !== unknown && executed) return `executed, and ended with ${end.stack}`;
  if (end?.name === unknown && !end.cause) return "an UnknownOutcomeError without its cause";
  if (!row.any && end?.name !== row.write) return `expected ${row.write ?? "success"}, got ${end?.stack ?? "success"}`;
  return undefined;
}

const settings = (exchange, path, timeout) => ({ url: address(path), WebSocket: exchange.WebSocket, reconnect: FAST, timeout });

const products = {
  Spot: {
    calls: spotCalls,
    make(exchange, timeout) {
      const client = new SpotClient({ ...exchange.addKey(), fetch: exchange.fetch, retries: 0 });
      return { client, socket: new SpotSocket({ client, ...settings(exchange, "/v2", timeout) }) };
    },
  },
  Futures: {
    calls: futuresCalls,
    make: (exchange, timeout) => ({
      socket: new FuturesSocket({ ...exchange.addKey({ product: "futures" }), ...settings(exchange, "/ws/v1", timeout) }),
    }),
  },
};

for (const [product, { calls, make }] of Object.entries(products))
  test(`${product}: every fault with every kind of message over a socket has the right outcome`, { timeout: 120_000 }, async (t) => {
    const trials = Object.entries(calls).flatMap(([name, kind]) =>
      faults.filter(({ spot }) => !spot || product === "Spot").map((row) => ({ name, kind, row })),
    );
    const count = trials.length;
    const problems = [];
    const ends = {};
    const worker = async () => {
      for (let trial; (trial = trials.shift());) {
        const { name, kind, row } = trial;
        const seen = await attempt(make, name, kind, row);
        const problem = problemOf(kind, row, seen);
        const as = seen.end?.name ?? "done";
        ends[as] = (ends[as] ?? 0) + 1;
        if (problem) problems.push(`${name}, ${JSON.stringify(row.fault)} ${row.fault.data ?? ""}: ${problem}`);
      }
    };
    await Promise.all(Array.from({ length: 12 }, worker));
    t.diagnostic(`${count} combinations: ${JSON.stringify(ends)}`);
    assert.deepEqual(problems, []);
  });
