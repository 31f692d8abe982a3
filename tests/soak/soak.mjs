// A bot that trades at a simulated exchange for a long time, in Node, workerd and Deno at once, each at its own exchange, with a fault in each period:
// node soak.mjs MINUTES (120 by default). Fails on a wrong outcome, growing memory, a warning, a listener or handle that is left, or a silent stream.
import { execFileSync, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { request } from "node:http";
import { fileURLToPath } from "node:url";
import workerd from "workerd";
import { startWorker } from "../harness/workerd.mjs";
import { LEAST_MINUTES, megabytes, riseOf, table, write } from "./table.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const node26 = here("../node_modules/node26/bin/node");
const deno = here("../node_modules/deno/deno");
const node = existsSync(node26) ? node26 : process.execPath;

/** Runs the bot as a process, and tells its id, and when it has ended by itself. */
function program(command, args) {
  return async (config, onOutput) => {
    const child = spawn(command, [...args, here("program.mjs"), JSON.stringify(config)], { env: { ...process.env, NO_COLOR: "1" } });
    for (const output of [child.stdout, child.stderr]) output.setEncoding("utf8").on("data", onOutput);
    const ended = once(child, "exit").then(([code, signal]) => (code === 0 ? undefined : `it ended with ${code ?? signal}`));
    return { pid: child.pid, ended, stop: () => child.kill("SIGKILL") };
  };
}

/** Runs the bot in a Durable Object, by a request that takes as long as the bot. */
async function worker(config, onOutput) {
  const objects = { TRADER: "Trader", SPOT: "SpotKey", FUTURES: "FuturesKey" };
  const bindings = { CONFIG: JSON.stringify(config) };
  const started = await startWorker(new URL("worker.mjs", import.meta.url), { objects, bindings, v8Flags: ["--expose-gc"], onOutput });
  const ended = new Promise((resolve) => {
    request(started.url, (response) => {
      response.resume().on("end", () => resolve(response.statusCode === 200 ? undefined : `it answered ${response.statusCode}`));
    })
      .on("error", (error) => resolve(String(error)))
      .end();
  });
  return { pid: started.pid, ended, stop: started.stop };
}

/** How the bot is started in each runtime. */
export const RUNTIMES = {
  Node: program(node, ["--expose-gc"]),
  workerd: worker,
  Deno: program(deno, ["run", "--quiet", "--allow-all", "--node-modules-dir=manual", "--v8-flags=--expose-gc"]),
};

export const isMissing = (name) => name === "Deno" && !existsSync(deno) && "Deno is not installed";

/** The bytes that workerd keeps, outside the heap, for each timer that is cleared before it fires, until the Durable Object ends. */
export const PER_CLEARED_TIMER = 260;

/**
 * The resident memory of a process in bytes, how much of it is not kept by workerd for cleared timers, and how many files and connections it has open;
 * nothing where the system does not tell.
 */
export function resourcesOf(pid, cleared = 0) {
  try {
    const [, pages] = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ");
    const rss = Number(pages) * 4096;
    return { rss, own: rss - cleared * PER_CLEARED_TIMER, handles: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return {};
  }
}

const MB = 1024 * 1024;
/** How much each amount may rise over a run, however long. Resident memory also contains what the collector has not given back. */
const MOST = { heap: 3 * MB, own: 48 * MB, listeners: 20, handles: 20 };

/** An exchange in a process of its own. `ask` sends it an order, and returns its state. */
async function startExchange(period) {
  const child = fork(here("exchange.program.mjs"), [JSON.stringify({ period })]);
  const [addresses] = await once(child, "message");
  const gone = once(child, "exit").then(([code, signal]) => {
    throw new Error(`the exchange ended with ${code ?? signal}`);
  });
  gone.catch(() => {});
  const ask = async (order) => {
    const answer = once(child, "message");
    child.send(order);
    return (await Promise.race([answer, gone]))[0];
  };
  return { addresses, ask, stop: () => child.kill("SIGKILL") };
}

/** Waits until each stream has brought something since now: it has survived the faults. Returns the names of those that have not. */
async function silentStreams(ask, ms) {
  // On a busy machine, the bot may not have told anything of itself yet.
  const { streams: before = {} } = await ask("state");
  const end = Date.now() + ms;
  for (;;) {
    const { streams } = await ask("state");
    const silent = streams ? Object.keys(streams).filter((name) => streams[name] === before[name]) : ["the bot"];
    if (!silent.length || Date.now() > end) return silent;
    await later(500);
  }
}

/** All that is wrong with a run. */
function faultsOf({ state, samples, output, silent, ended }) {
  const rises = Object.entries(MOST).map(([name, most]) => [name, riseOf(samples.map((sample) => sample[name])), most]);
  return [
    ...state.wrong,
    ...rises.filter(([, rise, most]) => rise > most).map(([name, rise]) => `${name} rose by ${Math.round(rise)}`),
    ...silent.map((name) => `nothing came from ${name} after the last fault`),
    ...(output ? [`it printed: ${output.slice(0, 500)}`] : []),
    ...(state.done ? [] : ["the last report is missing"]),
    ...(state.sample?.listeners ? [`${state.sample.listeners} listeners were left`] : []),
    ...(state.counts.orders ? [] : ["no order was placed"]),
    ...(ended ? [ended] : []),
  ];
}

/**
 * Runs the bot in one runtime.
 *
 * @param options `ms`, how long it trades; `period`, the milliseconds from one fault to the next; `leaks`, whether it leaks on purpose; `onSample`
 */
export async function soak(name, { ms, period, leaks = false, onSample = () => {} }) {
  const { addresses, ask, stop } = await startExchange(period);
  const printed = [];
  const bot = await RUNTIMES[name]({ ...addresses, leaks }, (text) => printed.push(text));
  const samples = [];
  const end = Date.now() + ms;
  const early = bot.ended.then((why) => why ?? "it ended early");
  let ended;
  try {
    while (Date.now() < end && !ended) {
      ended = await Promise.race([early, later(Math.max(1000, Math.min(period, ms / 12)))]);
      const { sample, ...state } = await ask("state");
      samples.push({ ...sample, ...resourcesOf(bot.pid, sample?.cleared) });
      onSample({ name, ...state, ...samples.at(-1) });
    }
    await ask("quiet");
    const silent = ended ? [] : await silentStreams(ask, 60_000);
    await ask("stop");
    ended ??= await Promise.race([bot.ended, later(90_000).then(() => "it did not end: something is left open")]);
    const state = await ask("state");
    return { name, state, samples, problems: faultsOf({ state, samples, output: printed.join(""), silent, ended }) };
  } finally {
    await bot.stop();
    stop();
  }
}

/** Returns the version that a runtime tells of itself: digits with points or dashes. */
function versionOf(name) {
  const program = { Node: node, workerd: workerd.default, Deno: deno }[name];
  return /\d+[.-]\d+[.-]\d+/.exec(execFileSync(program, ["--version"], { encoding: "utf8" }))[0];
}

async function main(minutes) {
  const names = Object.keys(RUNTIMES).filter((name) => !isMissing(name));
  const onSample = ({ name, counts, wrong, heap, rss }) =>
    console.error(`${name}: ${counts.orders} orders, ${wrong.length} wrong, heap ${megabytes(heap)}, resident ${megabytes(rss)}`);
  // If one fails, the others still end what they have started.
  const runs = await Promise.allSettled(names.map((name) => soak(name, { ms: minutes * 60_000, period: 60_000, onSample })));
  const results = runs.flatMap(({ value }) => (value ? { ...value, version: versionOf(value.name) } : []));
  const broken = runs.flatMap(({ reason }) => reason ?? []);
  const text = table(results, minutes);
  console.log(text);
  for (const { name, problems } of results) for (const problem of problems) console.log(`${name}: ${problem}`);
  for (const reason of broken) console.log(reason);
  const isClean = !broken.length && results.every(({ problems }) => !problems.length);
  if (isClean && minutes >= LEAST_MINUTES && results.length === Object.keys(RUNTIMES).length) write(text);
  process.exit(isClean ? 0 : 1);
}

if (process.argv[1] === here("soak.mjs")) {
  const minutes = Number(process.argv[2] ?? 120);
  if (!(minutes > 0)) throw new TypeError("expected minutes, such as 120");
  await main(minutes);
}
