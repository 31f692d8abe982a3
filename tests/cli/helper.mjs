// The command line as its users have it: the installed package's program, in a process of its own, against an exchange on loopback.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { Exchange } from "kraken-signer/testing";
import { folder, project } from "../harness/installed.mjs";

const home = project("cli");
export const installed = join(home, "node_modules/kraken-signer");
export const program = join(home, "node_modules/.bin/kraken-signer");
/** For files that tests make. */
export { folder };

export const exchange = new Exchange({ lockout: { attempts: 1e6 } });
const server = await exchange.listen();
export const base = ["--base-url", server.url];
export const url = server.url;

/** Nothing of these may ever be printed. */
const secrets = [];
const printed = [];

/** A key, as environment variables. */
export function key(options = {}) {
  const added = exchange.addKey(options);
  const { key, secret, setupKey, otp } = added;
  const prefix = options.product === "futures" ? "KRAKEN_FUTURES" : "KRAKEN";
  const env = { [`${prefix}_KEY`]: key, [`${prefix}_SECRET`]: secret };
  if (setupKey) env.KRAKEN_OTP_SETUP_KEY = setupKey;
  else if (otp) env.KRAKEN_OTP_PASSWORD = otp.password;
  keepSecret(secret, setupKey, options.otp?.password);
  return { env, key, secret, setupKey, revoke: () => added.revoke() };
}

export const keepSecret = (...values) => secrets.push(...values.filter(Boolean));

after(async () => {
  await server.close();
  assert.ok(printed.length && secrets.length, "there is something to search");
  const all = printed.join("\n");
  for (const secret of secrets)
    for (let at = 0; at + 10 <= secret.length; at++) assert.ok(!all.includes(secret.slice(at, at + 10)), "a piece of a secret was printed");
});

const inherited = { PATH: process.env.PATH, HOME: folder, TERM: "xterm-256color" };
export const pathWithProgram = `${join(home, "node_modules/.bin")}:${process.env.PATH}`;

/** Starts it, or another program that starts it. */
export function start(args, { env = {}, input = "", runtime = [program] } = {}) {
  const [command, ...before] = runtime;
  const child = spawn(command, [...before, ...args], { env: { ...inherited, ...env }, cwd: folder });
  const parts = { out: [], err: [] };
  child.stdout.on("data", (data) => parts.out.push(data));
  child.stderr.on("data", (data) => parts.err.push(data));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const done = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const [bytes, err] = [Buffer.concat(parts.out), Buffer.concat(parts.err).toString()];
      const out = bytes.toString();
      printed.push(out, err);
      resolve({ code, signal, out, err, bytes });
    });
  });
  return { child, done };
}

export const run = (args, options) => start(args, options).done;

/** Runs it for a script, and reads what it prints. */
export async function json(args, options) {
  const { code, out, err } = await run([...args, "--json"], options);
  assert.ok(!out || !err.includes('"error"'), "either a result or an error");
  return { code, ...(out ? { result: JSON.parse(out) } : { error: JSON.parse(err.trimEnd().split("\n").at(-1)).error }) };
}

/** Why a test cannot be made here, if it cannot: programs are missing. In CI it is made all the same, and fails. */
export function lacking(...programs) {
  const missing = programs.filter((one) => spawnSync(one, ["--version"]).status !== 0);
  return !process.env.CI && missing.length > 0 && `NOT TESTED: there is no ${missing.join(" and no ")}`;
}

/** Why there is no terminal to type at, if there is none: Python lends it. */
export const noTerminal = lacking("python3");

/** Runs it on a terminal: `steps` are what is waited for, and what is then typed; what waits for nothing is typed ahead, before it starts. */
export async function type(args, steps, { env = {}, runtime = [program] } = {}) {
  const order = { argv: [...runtime, ...args], env: { ...inherited, ...env }, steps, timeout: 60 };
  const child = spawn("python3", [fileURLToPath(new URL("terminal.py", import.meta.url))], {
    cwd: folder,
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify(order));
  let text = "";
  for await (const data of child.stdout) text += data;
  const { code, out, left, echo } = JSON.parse(text);
  printed.push(out);
  assert.deepEqual(left, [], `it did not ask for what was to be typed, but said: ${out}`);
  return { code, out: out.replaceAll("\r\n", "\n"), echo };
}

/** Waits for something to be so. */
export async function until(condition, what) {
  for (let tries = 0; tries < 2000; tries++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`never: ${what}`);
}
