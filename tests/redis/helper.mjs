// Processes that share a key, and an account of what became of their calls.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { setTimeout as later } from "node:timers/promises";
import { Exchange } from "kraken-signer/testing";
import { libraries } from "./clients.mjs";

const program = fileURLToPath(new URL("program.mjs", import.meta.url));

/** Waits for a condition, however slow the machine is. */
export async function until(condition, patience = 60_000) {
  for (const end = Date.now() + patience; !(await condition()); await later(5)) assert.ok(Date.now() < end, `not yet: ${condition}`);
}

const referenceOf = (body) => Number(/(?:^|&)userref=(\d+)/.exec(body)?.[1] ?? 0);
export const memberOf = (userref) => Math.floor((userref - 1) / 1_000_000);

/**
 * Starts processes that make calls with one key, over HTTP on loopback; each call has a user reference of its own.
 *
 * @param settings.engine what the lane stands on; by default one half of the processes has one client of Redis, one half the other
 * @param settings.delay how long a request takes to arrive, in milliseconds
 * @param settings.sent is told of the process whose request has left it, and may keep the request on its way
 * @param settings.keys how many keys there are; processes are spread over them
 */
export async function share(t, { processes, calls, delay, port, engine, sent, keys = 1, concurrency = 4, ...settings }) {
  // Calls are told apart by a user reference, which not every endpoint knows.
  const exchange = new Exchange({ lenient: true });
  const { handle } = exchange;
  // What is on its way arrives, whatever becomes of its sender meanwhile.
  exchange.handle = async (request) => {
    const userref = referenceOf(new TextDecoder().decode(request.body));
    await Promise.all([later(delay()), userref && sent?.(memberOf(userref), userref)]);
    return handle(request);
  };
  const server = await exchange.listen();
  t.after(() => server.close());
  const credentials = Array.from({ length: keys }, () => exchange.addKey());
  /** By user reference: undefined while a call is on its way, then `{ error }`. */
  const calling = new Map();
  const members = Array.from({ length: processes }, (_, number) => {
    const child = fork(program);
    const member = { child, took: [], exit: once(child, "exit") };
    child.on("message", ({ userref, begun, error, took }) => {
      calling.set(userref, begun ? undefined : { error });
      if (took !== undefined) member.took.push(took);
    });
    t.after(() => child.kill("SIGKILL"));
    const { key, secret } = credentials[number % keys];
    const kind = engine ?? libraries[number % libraries.length];
    const first = 1 + number * 1_000_000;
    child.send({ engine: kind, port, key, secret, url: server.url, calls, concurrency, first, ...settings });
    return member;
  });
  return { exchange, server, members, calling, done: Promise.all(members.map(({ exit }) => exit)) };
}

/** An account in which so many writes came too late: Kraken refused their nonces, so that their outcome is unknown, and no other call failed. */
export function overtaken(shared, number) {
  const { calls, executed, invalidNonces, errors, ...rest } = account(shared);
  assert.deepEqual(
    errors.map(({ name }) => name),
    Array.from({ length: number }, () => "UnknownOutcomeError"),
  );
  assert.equal(invalidNonces, number);
  assert.equal(executed, calls - number);
  assert.deepEqual(rest, { twice: 0, lost: 0, untrue: 0, silent: [] });
  return calls;
}

/** What happened: by the exchange's own record and by that of the callers. */
export function account({ exchange, calling }) {
  const executed = new Map();
  for (const { params } of exchange.executions)
    if (params.userref) executed.set(Number(params.userref), (executed.get(Number(params.userref)) ?? 0) + 1);
  const errors = [...calling.values()].map((outcome) => outcome?.error).filter(Boolean);
  return {
    calls: calling.size,
    executed: executed.size,
    twice: [...executed.values()].filter((times) => times > 1).length,
    invalidNonces: exchange.requests.filter((request) => request.errors[0] === "EAPI:Invalid nonce").length,
    /** Said to have succeeded, but not carried out. */
    lost: [...calling].filter(([userref, outcome]) => outcome && !outcome.error && !executed.has(userref)).length,
    /** Said to have failed, but carried out; an unknown outcome says neither. */
    untrue: [...calling].filter(
      ([userref, outcome]) => outcome?.error && outcome.error.name !== "UnknownOutcomeError" && executed.has(userref),
    ).length,
    /** Nothing was heard of them. */
    silent: [...calling].filter(([, outcome]) => !outcome).map(([userref]) => userref),
    errors,
  };
}
