// Measures what calls cost: `cargo xtask bench calls`. See ../README.md.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { certificates } from "../../transport/servers.mjs";
import { machine, mapValues, packageVersions, rounded } from "../facts.mjs";
import { paired, summary } from "../statistics.mjs";
import { measureCold } from "./cold.mjs";
import { goalsOfCalls } from "./goals.mjs";
import { STEPS, measureGrowth } from "./growth.mjs";
import { measureKeys } from "./many-keys.mjs";
import { measureOrders } from "./orders.mjs";
import { writePage } from "./page.mjs";
import { plotOfCalls } from "./picture.mjs";
import { report } from "./report.mjs";
import { measureRequests } from "./requests.mjs";
import { runtimes } from "./runtimes.mjs";
import { measureSockets } from "./sockets.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Times in milliseconds, but `warm` of requests is a number of calls. `rounds` of requests and sockets; the other parts take fewer, because each of theirs is longer. */
export const settingsOf = (rounds) => ({
  requests: { warm: 600, batch: 100, rounds, many: 50 },
  sockets: { warm: 400, batch: 100, rounds },
  orders: { silences: [60_000], rounds: Math.ceil(rounds / 5) },
  keys: { count: 10_000, rounds },
  cold: { rounds },
  growth: { steps: STEPS, rounds: Math.ceil(rounds / 4), milliseconds: 1000 },
});
export const ROUNDS = 10;

/** Everything once, as short as can be: what is found this way says nothing about times. */
export const QUICK = {
  requests: { warm: 1, batch: 1, rounds: 1, many: 3 },
  sockets: { warm: 2, batch: 2, rounds: 1 },
  orders: { silences: [1], rounds: 1 },
  keys: { count: 100, rounds: 1 },
  cold: { rounds: 1 },
  growth: { steps: { keys: [1, 4], senders: [1, 2], processes: [1, 2], sockets: [1, 2] }, rounds: 1, milliseconds: 60 },
};

/** Starts the server, in a process of its own. */
async function startServer(made) {
  const child = fork(here("server.mjs"), { execArgv: [] });
  const { key, cert } = made.of("good");
  child.send({ tls: { key: String(key), cert: String(cert) } });
  const [ports] = await once(child, "message");
  /** Milliseconds of processor time that it has used. */
  const usage = async () => {
    child.send({ usage: true });
    const [{ usage: used }] = await once(child, "message");
    return (used.user + used.system) / 1000;
  };
  const stop = async () => {
    child.disconnect();
    await once(child, "exit");
  };
  return { ports, usage, stop, send: (order) => child.send(order) };
}

const summaries = (table) => mapValues(table, (byRuntime) => mapValues(byRuntime, (byName) => mapValues(byName, summary)));

const summariesOf = (times) => mapValues(times, (way) => mapValues(way, summary));

/** Each contender's multiple of another one, round by round. */
const multiples = (table, of) =>
  mapValues(table, (byRuntime) =>
    mapValues(byRuntime, (byName) => mapValues(byName, (samples) => byName[of] && paired(samples, byName[of], (a, b) => a / b))),
  );

/** Medians of the processor time of a call and of a message, in ms, by runtime, for the model. */
const costsOf =
  ({ requests, sockets, cores }) =>
  (runtime) => ({
    callCost: summary(requests.processor["http many"][runtime]["kraken-signer"]).median / 1000,
    messageCost: summary(sockets.processor.message[runtime]["kraken-signer"]).median / 1000,
    cores,
  });

/** Measures all parts, and returns their samples. */
async function measureAll(given, settings, say) {
  const requests = await measureRequests(given, settings.requests, say);
  const sockets = await measureSockets(given, settings.sockets, say);
  const orders = await measureOrders(given, settings.orders, say);
  const keys = await measureKeys(given, settings.keys, say);
  const cold = await measureCold(given, settings.cold, say);
  const costs = costsOf({ requests: requests.samples, sockets: sockets.samples, cores: os.availableParallelism() });
  const growth = await measureGrowth(given, settings.growth, costs, say);
  const missing = [...requests.missing, ...sockets.missing, ...orders.missing];
  return { requests: requests.samples, sockets: sockets.samples, orders: orders.samples, trips: orders.trips, keys, cold, growth, missing };
}

/**
 * Measures everything, and returns what becomes calls.json.
 *
 * @param settings as {@link settingsOf} makes them
 * @param only the names of runtimes; all by default
 */
export async function benchCalls(settings, { only, say = () => {} } = {}) {
  const folder = mkdtempSync(join(os.tmpdir(), "kraken-signer-calls-"));
  const made = certificates();
  const server = await startServer(made);
  try {
    const found = { date: new Date().toISOString().slice(0, 10), rounds: settings.requests.rounds, machine: machine() };
    const given = { context: { folder, trusted: made.trusted }, server, ports: server.ports, only };
    const measured = await measureAll(given, settings, say);
    const { requests, sockets, orders, trips, keys, cold, growth, missing } = measured;
    return {
      ...found,
      versions: packageVersions(runtimes),
      goals: goalsOfCalls({ ...measured, silences: settings.orders.silences }),
      requests: {
        processor: summaries(requests.processor),
        latency: summaries(requests.latency),
        multiples: multiples(requests.processor, "bare fetch"),
      },
      sockets: {
        processor: summaries(sockets.processor),
        multiples: {
          ...multiples({ message: sockets.processor.message }, "event and JSON.parse"),
          ...multiples({ books: sockets.processor.books }, "event, JSON.parse and Map.set"),
        },
      },
      orders: { trips: summaries(orders), milliseconds: summary(trips) },
      keys: mapValues(keys, ({ times, floors, ...rest }) => ({ ...rest, times: summariesOf(times), floors: summariesOf(floors) })),
      cold: mapValues(cold, summary),
      growth,
      missing,
    };
  } finally {
    await server.stop();
    made.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes calls.json, CALLS.md and calls.svg. */
export function write(results, folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "calls.json"), `${JSON.stringify(results, rounded, 2)}\n`);
  writeFileSync(join(folder, "CALLS.md"), report(results));
  writeFileSync(join(folder, "calls.svg"), plotOfCalls(results));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const given = process.argv[2] && Number(process.argv[2]);
  if (given !== undefined && !(Number.isInteger(given) && given > 0))
    throw new Error(`expected a number of rounds, got ${process.argv[2]}`);
  const rounds = given ?? ROUNDS;
  const measured = await benchCalls(settingsOf(rounds), { say: (what) => console.error(`  ${what}`) });
  // The page is written from what calls.json has, digit by digit.
  const results = JSON.parse(JSON.stringify(measured, rounded));
  // Fewer rounds than usual are too few to be kept.
  const isWhole = rounds >= ROUNDS;
  const folder = here(isWhole ? ".." : "../../../target/bench/results");
  write(results, folder);
  writePage(results, isWhole ? here("../../../pkg-template/docs/performance.md") : join(folder, "performance.md"));
  console.log(report(results));
}
