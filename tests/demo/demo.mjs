// `cargo xtask demo`: the simulated exchange, and the same calls to it from a Node program and from a Worker.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Exchange } from "kraken-signer/testing";
import { startWorker } from "../harness/workerd.mjs";

const color = process.stdout.isTTY ? (code, text) => `\x1b[${code}m${text}\x1b[0m` : (_code, text) => text;

async function inNode(env) {
  const program = fileURLToPath(new URL("node.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env: { ...process.env, ...env } });
  return JSON.parse(stdout);
}

async function inWorker(env) {
  const worker = await startWorker(new URL("worker.mjs", import.meta.url), { bindings: env });
  try {
    const response = await fetch(worker.url);
    assert.ok(response.ok, `the Worker answered ${response.status}: ${await response.clone().text()}`);
    return await response.json();
  } finally {
    await worker.stop();
  }
}

function print({ title, requests, result, error }) {
  console.log(`\n  ${color("1", title)}`);
  for (const { method, path, sign, body, answer } of requests) {
    console.log(`    ${color("36", "→")} ${method} ${path}  ${body}`);
    console.log(`      API-Sign  ${sign}`);
    console.log(`    ${color("36", "←")} ${answer.length > 160 ? `${answer.slice(0, 160)}…` : answer}`);
  }
  if (error) {
    console.log(`    ${color("33", error.name)} (${error.kind}): ${error.message}`);
    console.log(`      ${error.hint}`);
  } else {
    console.log(`    ${color("32", "ok")} ${Object.keys(result).join(", ")}`);
  }
}

/** What has to come out of the calls. */
function check(steps, exchange) {
  const [balance, add, open, cancel, secret, otp, nonce] = steps;
  assert.equal(steps.length, 7);
  assert.ok(Number(balance.result.ZUSD) > 0);
  const [txid] = add.result.txid;
  assert.equal(open.result.open[txid].descr.price, "37500.0");
  assert.equal(cancel.result.count, 1);
  assert.match(balance.requests[0].body, /^nonce=\d+&otp=\d{6}$/);
  for (const [step, kind, errors] of [
    [secret, "signature", "EAPI:Invalid signature"],
    [otp, "signature", "EAPI:Invalid signature"],
    [nonce, "nonce", "EAPI:Invalid nonce"],
  ]) {
    assert.equal(step.error?.kind, kind, step.title);
    assert.ok(
      step.requests.every(({ answer }) => answer.includes(errors)),
      step.title,
    );
  }
  assert.match(otp.error.hint, /otp/i);
  assert.notEqual(secret.error.hint, otp.error.hint, "a key with a code and one without get different advice");
  assert.deepEqual(
    exchange.executions.map(({ endpoint }) => endpoint),
    ["Balance", "AddOrder", "OpenOrders", "CancelOrder"],
  );
  for (const { sign } of steps.flatMap(({ requests }) => requests)) assert.match(sign, /^[A-Za-z0-9+/]{86}==$/);
}

for (const [where, run] of [
  ["Node", inNode],
  ["a Worker in workerd", inWorker],
]) {
  const exchange = new Exchange();
  const server = await exchange.listen();
  try {
    const account = exchange.addKey({ name: "demo", otp: { setupKey: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" } });
    const steps = await run({
      EXCHANGE_URL: server.url,
      API_KEY: account.key,
      API_SECRET: account.secret,
      OTHER_SECRET: exchange.addKey().secret,
      OTP_SETUP_KEY: account.setupKey,
    });
    console.log(`\n${color("1;4", `From ${where}`)}, to the simulated exchange at ${server.url}`);
    steps.forEach(print);
    check(steps, exchange);
  } finally {
    await server.close();
  }
}
console.log(`\n${color("1;32", "Everything was as it should be:")} 4 calls executed, 3 refused with the right advice, in both places.`);
