// What a call costs after a silence, in every runtime, through TLS, 25 ms away: node silence.mjs SECONDS… (6 and 60 by default). The server says
// nothing of how long it keeps connections. Prints the table of docs/connections.md.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { certificates } from "../transport/servers.mjs";
import { delaying } from "./delaying.mjs";
import { answerOf, serve } from "./servers.mjs";

const program = fileURLToPath(new URL("silence.program.mjs", import.meta.url));
const installed = (name) => fileURLToPath(new URL(`../node_modules/${name}`, import.meta.url));

const node26 = [installed("node26/bin/node"), "--no-warnings"];
const deno = [installed("deno/deno"), "run", "--quiet", "--allow-all", "--node-modules-dir=manual"];
const bun = [installed("bun/bin/bun.exe")];

/** How calls are made: the command that runs the program, and what it is told. */
export const WAYS = {
  "Node 26's `fetch`": { command: node26 },
  "`nodeFetch()`, Node 26": { command: node26, way: "nodeFetch" },
  [`Node ${process.versions.node.split(".")[0]}'s \`fetch\``]: { command: [process.execPath, "--no-warnings"] },
  "`nodeFetch()`": { command: [process.execPath, "--no-warnings"], way: "nodeFetch" },
  "Deno's `fetch`": { command: deno },
  "Deno, `poolIdleTimeout: 1000`": { command: deno, way: "createHttpClient", setting: { poolIdleTimeout: 1000 } },
  "Deno, `poolIdleTimeout: false`": { command: deno, way: "createHttpClient", setting: { poolIdleTimeout: false } },
  "Bun's `fetch`": { command: bun },
};

export const isMissing = (name) => !existsSync(WAYS[name].command[0]) && `${WAYS[name].command[0]} is not installed`;

/**
 * Milliseconds that calls take in one way: the first, the next at once, and after each of these milliseconds of silence a read and a write; and how
 * many connections they took.
 */
export async function measure(name, silences, oneWay = 25) {
  const made = certificates();
  const exchange = await serve(answerOf({ XXBT: "1", count: 0 }), { tls: made.of("good") });
  const between = await delaying(exchange.port, oneWay);
  const url = `https://127.0.0.1:${between.address().port}`;
  const { command, ...told } = WAYS[name];
  const [binary, ...args] = [...command, program, JSON.stringify({ url, silences, ...told })];
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: made.trusted, DENO_CERT: made.trusted, NO_COLOR: "1" };
  try {
    const { stdout } = await promisify(execFile)(binary, args, { env });
    return { ...JSON.parse(stdout), connections: exchange.seen.connections };
  } finally {
    between.close();
    await exchange.stop();
    made.remove();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const given = process.argv.slice(2).map(Number);
  const seconds = given.length ? given : [6, 60];
  const names = Object.keys(WAYS).filter((name) => !isMissing(name));
  const silences = seconds.map((one) => one * 1000);
  // One at a time, because a process that starts keeps the others waiting.
  const firsts = {};
  for (const name of names) {
    const three = [await measure(name, []), await measure(name, []), await measure(name, [])];
    firsts[name] = Math.min(...three.map(({ first }) => first));
  }
  console.log(
    `| milliseconds for a call | first |${seconds.map((one) => ` after ${one} s | a write after ${one} s |`).join("")} connections |`,
  );
  console.log(`| --- | --- |${" --- | --- |".repeat(seconds.length)} --- |`);
  const row = async (name) => {
    const { reads, writes, connections } = await measure(name, silences);
    return `| ${name} | ${firsts[name]} |${reads.map((read, i) => ` ${read} | ${writes[i]} |`).join("")} ${connections} |`;
  };
  for (const line of await Promise.all(names.map(row))) console.log(line);
}
