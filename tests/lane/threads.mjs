// Threads that share a key, in Node, Deno and Bun. Prints in JSON what each of them reports.
import { ThreadLane } from "kraken-signer";

const settings = JSON.parse((globalThis.Deno?.args ?? process.argv.slice(2))[0]);
const program = new URL("thread.mjs", import.meta.url);
const web = "Deno" in globalThis || "Bun" in globalThis;
const { Worker: NodeThread } = web ? {} : await import("node:worker_threads");

function start() {
  const thread = NodeThread ? new NodeThread(program) : new Worker(program, { type: "module" });
  const waiting = [];
  const come = [];
  const take = (message) => (waiting.length ? waiting.shift()(message) : come.push(message));
  if (NodeThread) thread.on("message", take).on("error", (error) => take({ errors: [String(error)] }));
  else Object.assign(thread, { onmessage: ({ data }) => take(data), onerror: (event) => take({ errors: [event.message] }) });
  return {
    next: () => (come.length ? Promise.resolve(come.shift()) : new Promise((resolve) => waiting.push(resolve))),
    tell: (message) => thread.postMessage({ ...rest, memory, ...message }),
    end: () => thread.terminate(),
  };
}

const { threads, others = [], ...rest } = settings;
const memory = ThreadLane.memory();
const all = Array.from({ length: threads }, start);
for (const thread of all) await thread.next();
const begun = [];
for (const role of others) {
  const other = start();
  begun.push(other);
  await other.next();
  other.tell({ role });
  await other.next();
  if (role !== "is busy") setTimeout(() => other.end(), 500);
}
const started = performance.now();
all.forEach((thread, i) => thread.tell({ first: 1 + i * 1_000_000 }));
const reports = await Promise.all(all.map((thread) => thread.next()));
console.log(JSON.stringify({ errors: reports.flatMap(({ errors }) => errors), took: Math.round(performance.now() - started) }));
// Those of Deno and Bun would keep the program alive.
for (const thread of [...all, ...begun]) thread.end();
