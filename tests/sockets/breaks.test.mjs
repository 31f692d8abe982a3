// The proof: connections cut at every step of the protocol, at random times. Set SEED to repeat a run, ROUNDS for a longer one: it counts
// rounds in which a fault struck, and every step is struck at least once.
import assert from "node:assert/strict";
import test from "node:test";
import { FuturesClient } from "kraken-signer";
import {
  address,
  counting,
  Exchange,
  FAST,
  FuturesSocket,
  later,
  NetWebSocket,
  reading,
  SpotClient,
  SpotSocket,
  until,
} from "./helper.mjs";

const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const ROUNDS = Number(process.env.ROUNDS ?? 200);

/** Mulberry32. */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const product = (at, names, faults) => names.flatMap((name) => faults.map((fault) => ({ at, ...(name && { name }), ...fault })));
const [reset, close, silence, lose, half, twice] = ["reset", "close", "silence", "lose", "half", "twice"].map((fault) => ({ fault }));

const ANY = [
  { at: "handshake", fault: "reset" },
  { at: "handshake", fault: "silence" },
  { at: "handshake", fault: "status", status: 503 },
  ...product("open", [""], [reset, close, silence]),
];
const SPOT = [
  ...ANY,
  ...product("received", ["subscribe", "add_order", "cancel_order", "ping"], [reset, close, silence, lose]),
  ...product("executed", ["subscribe", "add_order", "cancel_order"], [reset, close, silence, lose]),
  ...product(
    "sent",
    ["status", "subscribe", "executions", "balances", "add_order", "cancel_order", "heartbeat", "pong"],
    [reset, close, silence, half, lose, twice],
  ),
  // At a moment that no message marks.
  ...Array.from({ length: 10 }, () => ({ cut: true })),
];
const FUTURES = [
  ...ANY,
  ...product("received", ["challenge", "subscribe"], [reset, close, silence, lose]),
  ...product("executed", ["challenge", "subscribe"], [reset, close, silence, lose]),
  ...product(
    "sent",
    ["info", "challenge", "subscribed", "open_orders_snapshot", "open_orders", "balances", "heartbeat"],
    [reset, close, silence, half, lose, twice],
  ),
  ...Array.from({ length: 10 }, () => ({ cut: true })),
];

const SETTINGS = { reconnect: FAST, timeout: 600, silence: 120 };

/** Two faults for a round: the one whose turn it is, and any; both after a number of points left to chance. */
function inject(exchange, steps, round, chance) {
  const struck = [];
  for (const [i, { cut, ...fault }] of [steps[round % steps.length], steps[Math.floor(chance() * steps.length)]].entries()) {
    if (cut) setTimeout(() => struck.push(exchange.sockets.at(-1)?.reset()), chance() * 60);
    else
      struck.push(
        exchange.injectSocket({ ...fault, skip: i === 0 && Math.floor(round / steps.length) % 2 === 0 ? 0 : Math.floor(chance() * 4) }),
      );
  }
  return () => struck.map((injection) => !injection || injection.hits > 0);
}

/** As a careful user does it: once more when no answer came. */
async function subscribe(socket, name) {
  for (let left = 5; ; left--) {
    try {
      return await socket.subscribe(name);
    } catch (error) {
      if (error.name !== "TimeoutError" || !left) throw error;
    }
  }
}

/** What the reader was told must be true: nothing twice without notice, and in the end he knows what the exchange knows. */
function checkSpot(messages) {
  const seen = new Set();
  let open = new Map();
  let notice = {};
  let whole = false;
  const last = {};
  for (const message of messages) {
    const { channel, type, sequence, data } = message;
    if (channel === "socket") {
      notice = message;
      if (type === "connected" || type === "renewed") for (const name of Object.keys(last)) delete last[name];
      if (type === "connected" || (type === "gap" && message.of === "executions")) whole = false;
      continue;
    }
    if (sequence !== undefined) {
      const announced = notice.type === "gap" && notice.of === channel && notice.received === sequence;
      if (type === "update" && last[channel] !== undefined)
        assert.ok(sequence === last[channel] + 1 || announced, `${channel}: ${sequence} after ${last[channel]}`);
      for (const one of type === "update" ? data : []) {
        const mark = JSON.stringify([channel, one.exec_type, one.order_id, one.exec_id, one.ledger_id]);
        assert.ok(!seen.has(mark) || announced, `twice: ${mark}`);
        seen.add(mark);
      }
      last[channel] = sequence;
    }
    if (channel === "executions") {
      if (type === "snapshot") {
        open = new Map();
        whole = true;
      }
      for (const { order_id, order_status } of data) {
        if (/^(new|partially_filled)$/.test(order_status)) open.set(order_id, true);
        else open.delete(order_id);
      }
    }
    notice = {};
  }
  return whole ? [...open.keys()].sort() : undefined;
}

async function spotRound(round, server, seed) {
  const chance = random(seed + round * 7919);
  const exchange = new Exchange({ sockets: { attempts: 1e6, heartbeat: 25 } });
  const listening = server ? await exchange.listen() : undefined;
  const key = exchange.addKey();
  const client = new SpotClient({ ...key, fetch: exchange.fetch });
  const counter = counting(server ? NetWebSocket : exchange.WebSocket);
  const socket = new SpotSocket({
    ...SETTINGS,
    client,
    url: listening ? `${listening.socketUrl}/v2` : address(),
    WebSocket: counter.WebSocket,
  });
  try {
    const { messages, done } = reading(socket);
    const struck = inject(exchange, SPOT, round, chance);
    const subscribed = ["executions", "balances"].map((channel) => subscribe(socket, channel));
    const outcomes = new Map();
    const trade = async (i) => {
      await later(chance() * 100);
      const name = `order-${i}`;
      const call =
        i % 4 === 3
          ? socket.call("cancel_order", { cl_ord_id: [`order-${i - 1}`] })
          : socket.call("add_order", {
              symbol: "BTC/USD",
              side: "buy",
              order_type: "limit",
              limit_price: 30000 + i,
              order_qty: 0.1,
              cl_ord_id: name,
            });
      outcomes.set(
        name,
        await call.then(
          () => "executed",
          ({ name, code }) =>
            name === "ApiError"
              ? "refused"
              : name === "UnknownOutcomeError"
                ? "unknown"
                : code === "ERR_UNAVAILABLE" || name === "TimeoutError"
                  ? "unsent"
                  : `${name} ${code}`,
        ),
      );
    };
    await Promise.all([...Array.from({ length: 8 }, (_, i) => trade(i)), socket.ping().catch(() => {}), ...subscribed]);
    exchange.clearFaults();
    for (const [name, outcome] of outcomes) {
      const i = Number(name.slice(6));
      const times = exchange.executions.filter(({ params }) =>
        i % 4 === 3 ? params.cl_ord_id?.[0] === `order-${i - 1}` && Array.isArray(params.cl_ord_id) : params.cl_ord_id === name,
      ).length;
      const allowed = { executed: [1], refused: [0], unsent: [0], unknown: [0, 1] }[outcome];
      assert.ok(allowed?.includes(times), `${name}: ${outcome}, executed ${times} times`);
    }
    const known = () => checkSpot(messages);
    const actual = async () => Object.keys((await client.call("OpenOrders")).open).sort();
    // A message whose outcome is unknown may still arrive at the exchange, and cancel an order.
    const agree = async () => {
      if (JSON.stringify(known()) === JSON.stringify(await actual())) return true;
      // Who saw a gap asks for a new snapshot; here a break brings one.
      if (known() === undefined && socket.connected) exchange.sockets.at(-1).reset();
      await later(100);
      return false;
    };
    await until(agree, 30_000).catch(async () => assert.deepEqual(known(), await actual()));
    socket.close();
    await done;
    // A peer that has fallen silent never answers a close: those connections end when it does.
    await listening?.close();
    await until(() => counter.listeners === 0, 2000).catch(() => assert.equal(counter.listeners, 0, "listeners"));
    return { attempts: counter.made, struck: struck() };
  } finally {
    socket.close();
    await listening?.close();
  }
}

async function futuresRound(round, server, seed) {
  const chance = random(seed + round * 104729);
  const exchange = new Exchange({ sockets: { attempts: 1e6, heartbeat: 25 } });
  const listening = server ? await exchange.listen() : undefined;
  const key = exchange.addKey({ product: "futures" });
  const client = new FuturesClient({ ...key, fetch: exchange.fetch });
  const counter = counting(server ? NetWebSocket : exchange.WebSocket);
  const socket = new FuturesSocket({
    ...SETTINGS,
    key: key.key,
    secret: key.secret,
    url: listening ? `${listening.socketUrl}/ws/v1` : address("/ws/v1"),
    WebSocket: counter.WebSocket,
  });
  try {
    const { messages, done, of } = reading(socket);
    const struck = inject(exchange, FUTURES, round, chance);
    const subscribed = ["open_orders", "balances"].map((feed) => subscribe(socket, feed));
    const trade = async (i) => {
      await later(chance() * 100);
      await client.post("sendorder", {
        orderType: i % 3 ? "lmt" : "mkt",
        symbol: "PF_XBTUSD",
        side: "buy",
        size: 1,
        ...(i % 3 && { limitPrice: 30000 + i }),
        cliOrdId: `o${i}`,
      });
    };
    await Promise.all([...Array.from({ length: 5 }, (_, i) => trade(i)), ...subscribed]);
    exchange.clearFaults();
    // The snapshot of one more connection is the whole truth: these feeds have no sequence by which a loss would be noticed.
    exchange.sockets.at(-1).reset();
    const truth = (await client.get("openorders")).openOrders.map(({ order_id }) => order_id).sort();
    await until(
      () =>
        JSON.stringify(
          of("open_orders_snapshot")
            .at(-1)
            ?.orders.map(({ order_id }) => order_id)
            .sort(),
        ) === JSON.stringify(truth),
      4000,
    );
    let fresh = false;
    const seen = new Set();
    for (const message of messages) {
      if (message.feed === "socket") fresh = message.type === "gap";
      else if (message.seq !== undefined && message.feed === "balances") {
        const mark = `${message.seq} ${message.timestamp} ${JSON.stringify(message.holding)}`;
        assert.ok(!seen.has(mark) || fresh, `twice: ${mark}`);
        seen.add(mark);
      }
    }
    socket.close();
    await done;
    // A peer that has fallen silent never answers a close: those connections end when it does.
    await listening?.close();
    await until(() => counter.listeners === 0, 2000).catch(() => assert.equal(counter.listeners, 0, "listeners"));
    return { attempts: counter.made, struck: struck() };
  } finally {
    socket.close();
    await listening?.close();
  }
}

for (const [name, run, steps] of [
  ["Spot", spotRound, SPOT],
  ["Futures", futuresRound, FUTURES],
]) {
  for (const server of [false, true]) {
    test(
      `${name}, ${server ? "over loopback" : "in memory"}: ${ROUNDS} rounds of broken connections at ${steps.length} steps`,
      { timeout: 300_000 },
      async (t) => {
        t.diagnostic(`SEED=${SEED}`);
        let next = 0;
        let [connections, cuts] = [0, 0];
        const missed = new Set(steps.keys());
        const work = async () => {
          while (cuts < ROUNDS || missed.size) {
            const round = next++;
            const step = round % steps.length;
            if (round > ROUNDS + 40 * steps.length)
              throw new Error(`never struck: ${JSON.stringify([...missed].map((one) => steps[one]))}`);
            const { attempts, struck } = await run(round, server, SEED).catch((error) => {
              throw new Error(`SEED=${SEED} round ${round}, ${JSON.stringify(steps[step])}: ${error.message}`, { cause: error });
            });
            connections += attempts;
            if (struck[0]) missed.delete(step);
            if (struck.includes(true)) cuts++;
          }
        };
        await Promise.all(Array.from({ length: 10 }, work));
        t.diagnostic(`${cuts} rounds with cuts, ${next} in all, ${connections} connections`);
      },
    );
  }
}
