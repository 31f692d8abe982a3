// The examples of the page about the simulated exchange, in other languages: each places an order at the command's exchange.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { SpotClient } from "kraken-signer";
import { key, lacking, start, until } from "./helper.mjs";

key(); // something that must not be printed
const execute = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(new URL("../../pkg-template/docs/testing.md", import.meta.url), "utf8");
const path = (name) => fileURLToPath(new URL(`examples/${name}`, import.meta.url));

const servers = {};
before(async () => {
  for (const [name, options] of [
    ["plain", []],
    ["tls", ["--tls"]],
    ["two-factor", ["--two-factor"]],
  ]) {
    const { child, done } = start(["exchange", "--json", ...options]);
    servers[name] = { child, done };
    let out = "";
    child.stdout.on("data", (data) => (out += data));
    await until(() => out.includes("\n"), "it listens");
    servers[name].said = JSON.parse(out);
  }
});

/** Runs an example, and returns what it prints and the orders that are there afterwards. */
async function run(command, args, { said }, env = {}) {
  const credentials = { KRAKEN_URL: said.url, KRAKEN_KEY: said.spot.key, KRAKEN_SECRET: said.spot.secret };
  const { stdout } = await execute(command, args, { cwd: root, env: { ...process.env, ...credentials, ...env } });
  const client = new SpotClient({ key: said.spot.key, secret: said.spot.secret, baseUrl: servers.plain.said.url });
  return { printed: stdout.trim(), orders: said === servers.plain.said ? (await client.call("OpenOrders")).open : undefined };
}

/** Asks whether the order that was printed is one of those that are there. */
function isPlaced({ printed, orders }) {
  const [txid] = /O[A-Z2-7]{5}-[A-Z2-7]{5}-[A-Z2-7]{6}/.exec(printed) ?? assert.fail(printed);
  if (!orders) return;
  const { descr, vol } = orders[txid];
  assert.deepEqual([descr.order, vol], ["buy 0.10000000 XBTUSD @ limit 37500.0", "0.10000000"]);
}

// Of all of them, openssl alone wants its version asked for without dashes.
const noOpenssl = !process.env.CI && spawnSync("openssl", ["version"]).status !== 0 && "NOT TESTED: there is no openssl";
const NO_CURL = lacking("bash", "curl") || noOpenssl;

// First of all, since its nonces are whole seconds: those of the others are higher.
test("the example for bash, openssl and curl places an order", { skip: NO_CURL }, async () => {
  isPlaced(await run("bash", [path("order.sh")], servers.plain));
});

test("curl over TLS trusts the certificate in CURL_CA_BUNDLE", { skip: NO_CURL }, async () => {
  const { file } = servers.tls.said.certificate;
  isPlaced(await run("bash", [path("order.sh")], servers.tls, { CURL_CA_BUNDLE: file }));
  await assert.rejects(run("bash", [path("order.sh")], servers.tls), /certificate/);
});

test("the example for Python, with only its standard library, places an order", { skip: lacking("python3") }, async () => {
  isPlaced(await run("python3", [path("order.py")], servers.plain));
});

test("Python over TLS trusts the certificate in SSL_CERT_FILE", { skip: lacking("python3") }, async () => {
  const { file } = servers.tls.said.certificate;
  isPlaced(await run("python3", [path("order.py")], servers.tls, { SSL_CERT_FILE: file }));
  await assert.rejects(run("python3", [path("order.py")], servers.tls), /CERTIFICATE_VERIFY_FAILED/);
});

test("the example for Rust, with this crate, places an order", { skip: lacking("cargo") }, async () => {
  isPlaced(await run("cargo", ["run", "--quiet", "--locked", "--example", "order"], servers.plain));
});

test("the same with a two-factor key, as the guide for Rust changes it", { skip: lacking("cargo") }, async () => {
  const guide = readFileSync(new URL("../../pkg-template/docs/rust.md", import.meta.url), "utf8");
  const [, lines] = /^ {3}```rust,ignore\n(.*?)^ {3}```$/ms.exec(guide);
  const changed = readFileSync(path("order.rs"), "utf8").replace(/^ {4}let body = .*\n/m, lines.replace(/^ {3}/gm, "    "));
  assert.equal(readFileSync(path("two-factor.rs"), "utf8"), changed);
  const env = { KRAKEN_OTP_SETUP_KEY: servers["two-factor"].said.spot.setupKey };
  isPlaced(await run("cargo", ["run", "--quiet", "--locked", "--example", "two-factor", "--features", "std"], servers["two-factor"], env));
});

test("Node over TLS trusts the certificate in NODE_EXTRA_CA_CERTS", async () => {
  const { url, certificate } = servers.tls.said;
  const program = `console.log((await fetch("${url}/0/public/Time")).status)`;
  const { printed } = await run(process.execPath, ["--input-type=module", "-e", program], servers.tls, {
    NODE_EXTRA_CA_CERTS: certificate.file,
  });
  assert.equal(printed, "200");
});

test("the page shows the examples exactly as they are run", () => {
  for (const [language, name] of [
    ["python", "order.py"],
    ["bash", "order.sh"],
    ["rust", "order.rs"],
  ]) {
    const [, code] = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "ms").exec(page) ?? [];
    assert.equal(code, readFileSync(path(name), "utf8"), name);
  }
});

test("each exchange exits with 0", async () => {
  for (const { child, done } of Object.values(servers)) {
    child.kill();
    assert.equal((await done).code, 0);
  }
});
