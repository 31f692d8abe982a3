// How the calls per second grow: with more keys, with more senders for one key, and with more processes, where a round trip takes 50 ms; and the
// messages per second with more sockets. Beside each, what a model says that knows only the round trip and the processor time of one call.
import { fileURLToPath } from "node:url";
import { summary } from "../statistics.mjs";
import { BALANCE, keyOf } from "./keys.mjs";
import { contenderOf, runtimes } from "./runtimes.mjs";

/** Milliseconds until the slow server answers. */
export const ROUND_TRIP = 50;
/** Messages of one point of `sockets`. */
const MESSAGES = 20_000;
const reader = fileURLToPath(new URL("programs/reader.mjs", import.meta.url));

/** What grows, and the numbers of it. The last number of keys is that of each of several processes: more than one thread can serve. */
export const STEPS = { keys: [1, 10, 50, 100, 200], senders: [1, 10, 50], processes: [1, 2], sockets: [1, 10, 50] };
const mostOf = ({ keys }) => keys.at(-1);

/**
 * What the calls per second are, and what bounds them.
 *
 * @param given `keys`, each with one call on its way; `roundTrip` and `cost`, the processor time of a call, in ms; `processes`, of one thread each;
 * `cores`, which they share with a server that takes `serving` ms for a call; `limit`, the calls per second that Kraken allows a key
 */
export function model({ keys, roundTrip, cost, processes = 1, cores = Infinity, serving = 0, limit = Infinity }) {
  const bounds = {
    "the round trip": (keys * 1000) / (roundTrip + cost),
    "Kraken's rate limit": keys * limit,
    "one thread": (processes * 1000) / cost,
    "all cores": (cores * 1000) / (cost + serving),
  };
  const [[by, rate]] = Object.entries(bounds).sort(([, a], [, b]) => a - b);
  return { rate, by: by === "one thread" && processes > 1 ? `${processes} threads` : by };
}

const placeOf = (url, count, only) => ({
  url,
  only,
  endpoint: "Balance",
  expected: BALANCE,
  keys: Array.from({ length: count }, (_, index) => keyOf(index)),
});

/** Starts a process of callers, with a place for each step. */
async function startCallers(runtime, { context, server, steps, stops }) {
  const { ask, stop } = await runtime.start(context, contenderOf("kraken-signer"));
  stops.push(stop);
  const url = `http://127.0.0.1:${server.ports.slow}`;
  const names = { keys: "kraken-signer", senders: "kraken-signer, one key for all" };
  const places = {};
  for (const [what, name] of Object.entries(names))
    for (const count of steps[what]) if (what === "keys" || count > 1) places[`${what} ${count}`] = placeOf(url, count, name);
  await ask({ open: { places } });
  return (what, count, milliseconds) => {
    const asKeys = what === "keys" || count === 1;
    return ask({ batch: { name: names[asKeys ? "keys" : "senders"], place: `${asKeys ? "keys" : what} ${count}`, milliseconds } });
  };
}

/** One measured point: calls per second, and the processor time of a call in the clients and in the server, in ms. */
async function callsOf(server, batches) {
  const before = await server.usage();
  const start = performance.now();
  const answers = await Promise.all(batches);
  const time = performance.now() - start;
  const sum = (of) => answers.reduce((total, answer) => total + of(answer), 0);
  const count = sum((answer) => answer.count);
  const serving = ((await server.usage()) - before) / count;
  return { rate: (count * 1000) / time, cost: sum(({ processor }) => processor) / count, serving };
}

/** Starts a process that reads so many sockets, and returns what measures their messages per second of processor time. */
async function startReader(runtime, count, { context, server, stops }) {
  const { ask, stop } = await runtime.start(context, "", reader);
  stops.push(stop);
  const sockets = Array.from({ length: count }, (_, index) => `growth-${count}-${index}`);
  const urls = sockets.map((socket) => `ws://127.0.0.1:${server.ports.http}/${socket}`);
  await ask({ open: { row: "message", name: "kraken-signer", urls } });
  return async (messages) => {
    const each = Math.ceil(messages / count);
    await ask({ expect: each * count });
    for (const socket of sockets) server.send({ say: { socket, channel: "ticker", from: 0, count: each } });
    const { processor } = await ask({ finish: true });
    const cost = processor / (each * count);
    return { rate: 1000 / cost, cost };
  };
}

/** The points in one round, each with what it runs. */
async function points(runtime, given, milliseconds) {
  const { server, steps } = given;
  const first = await startCallers(runtime, given);
  const second = await startCallers(runtime, given);
  const all = [];
  for (const what of ["keys", "senders"])
    for (const count of steps[what]) all.push({ what, count, run: () => callsOf(server, [first(what, count, milliseconds)]) });
  for (const count of steps.processes) {
    const each = [first, second].slice(0, count);
    const run = () =>
      callsOf(
        server,
        each.map((batch) => batch("keys", mostOf(steps), milliseconds)),
      );
    all.push({ what: "processes", count, run });
  }
  for (const count of steps.sockets) {
    const read = await startReader(runtime, count, given);
    await read(milliseconds * 2);
    all.push({ what: "sockets", count, run: () => read(Math.min(MESSAGES, milliseconds * 10)) });
  }
  return all;
}

/** What the model says about a point. The cost of a call and of a message are those of the other parts of the run, in ms. */
function predicted({ what, count, serving, most }, { callCost, messageCost, cores }) {
  if (what === "sockets") return { rate: 1000 / messageCost, by: "one thread" };
  const keys = { keys: count, senders: 1, processes: count * most }[what];
  const processes = what === "processes" ? count : 1;
  return model({ keys, roundTrip: ROUND_TRIP, cost: callCost, processes, cores, serving });
}

/**
 * @param settings `steps`, as {@link STEPS}; `rounds`; the `milliseconds` of a point
 * @param costsOf for a runtime, `callCost` and `messageCost` in ms, and the `cores` of the machine
 * @returns `runtime`, the one it was measured in, and `points`, each with the measured `rate` and its model
 */
export async function measureGrowth({ context, server, only }, { steps, rounds, milliseconds }, costsOf, say) {
  const able = runtimes.filter(({ name, missing }) => name.startsWith("Node") && !missing() && (!only || only.includes(name)));
  const runtime = able.at(-1);
  if (!runtime) return undefined;
  const stops = [];
  try {
    const all = await points(runtime, { context, server, steps, stops }, milliseconds);
    // The first round only warms up.
    const found = all.map(() => []);
    for (let round = -1; round < rounds; round += 1) {
      say(`growth in ${runtime.name}: round ${round + 1} of ${rounds}`);
      for (const [index, { run }] of all.entries()) {
        const one = await run();
        if (round >= 0) found[index].push(one);
      }
    }
    const figure = (index, name) => summary(found[index].map((one) => one[name]));
    return {
      runtime: runtime.name,
      most: mostOf(steps),
      points: all.map(({ what, count }, index) => {
        const serving = what === "sockets" ? 0 : figure(index, "serving").median;
        const { rate, by } = predicted({ what, count, serving, most: mostOf(steps) }, costsOf(runtime.name));
        return { what, count, rate: figure(index, "rate"), cost: figure(index, "cost"), serving, model: rate, by };
      }),
    };
  } finally {
    await Promise.all(stops.map((stop) => stop()));
  }
}
