// The examples with secrets managers, as they stand: Cloudflare's Secrets Store in workerd, AWS and Vault with stand-ins on loopback.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Exchange } from "kraken-signer/testing";
import { project } from "../harness/installed.mjs";
import { startWorker } from "../harness/workerd.mjs";

const here = fileURLToPath(new URL("secrets/", import.meta.url));

/** A server that answers with JSON. `answer` gets the request and its body, and returns the status and the content. */
async function serve(t, answer) {
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const [status, content] = answer(request, Buffer.concat(chunks).toString());
    response.writeHead(status, { "Content-Type": "application/x-amz-json-1.1" }).end(JSON.stringify(content));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

/** Sets environment variables during a test. */
function setEnvironment(t, variables) {
  const before = { ...process.env };
  t.after(() => (process.env = before));
  Object.assign(process.env, variables);
}

const failed = (error) => [error.code, error.name, error.message];

test("each has fewer than 40 lines", () => {
  const files = readdirSync(here);
  assert.deepEqual(files, ["aws.mjs", "cloudflare.mjs", "vault.mjs"]);
  for (const name of files) assert.ok(readFileSync(join(here, name), "utf8").split("\n").length <= 40, name);
});

test("Cloudflare: the secrets come from bindings of a Secrets Store, also for requests in parallel", { timeout: 60_000 }, async (t) => {
  const home = project("secrets-store", { type: "module" });
  writeFileSync(join(home, "worker.mjs"), readFileSync(join(here, "cloudflare.mjs")));
  // A binding of the Secrets Store is an object of another service with a method `get`, as this one.
  writeFileSync(
    join(home, "around.mjs"),
    `import { WorkerEntrypoint } from "cloudflare:workers";
import { Signer, SpotClient, Totp } from "kraken-signer";
import worker from "./worker.mjs";
const refused = (work) => { try { work(); return "not refused"; } catch (error) { return error.message; } };
let isDown = true;
const reads = { secret: 0, otp: 0 };
export class Secret extends WorkerEntrypoint {
  async get() { reads.secret++; if (isDown) throw new Error("Secret not found"); return this.env.SECRET; }
}
export class Otp extends WorkerEntrypoint {
  async get() { reads.otp++; return this.env.OTP; }
}
export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (pathname === "/up") isDown = false;
    const { Secret, Otp } = context.exports;
    if (pathname === "/mistakes")
      return Response.json([
        refused(() => new SpotClient({ key: env.KEY, secret: Secret })),
        refused(() => new Signer(Secret)),
        refused(() => new Totp(Otp)),
      ]);
    if (pathname !== "/call") return Response.json(reads);
    return worker.fetch(request, { KRAKEN_KEY: env.KEY, KRAKEN_URL: env.URL, KRAKEN_SECRET: Secret, KRAKEN_OTP: Otp }, context);
  },
};
`,
  );
  const exchange = new Exchange();
  const server = await exchange.listen();
  t.after(() => server.close());
  const { key, secret, setupKey } = exchange.addKey({ otp: {} });
  const bindings = { KEY: key, URL: server.url, SECRET: secret, OTP: setupKey };
  const worker = await startWorker(pathToFileURL(join(home, "around.mjs")), { bindings });
  t.after(() => worker.stop());
  const get = async (path) => {
    const response = await fetch(worker.url + path);
    return [response.status, await response.json()];
  };

  const [, mistakes] = await get("/mistakes");
  assert.deepEqual(mistakes, [
    "Invalid `secret`: this is a Secrets Store binding: pass `() => env.STORE_SECRET.get()`.",
    "Invalid `secret`: this is a Secrets Store binding: pass `await env.STORE_SECRET.get()`.",
    "Invalid setup key: this is a Secrets Store binding: pass `() => env.STORE_SECRET.get()`.",
  ]);
  const [status, { error }] = await get("/call");
  assert.deepEqual([status, exchange.requests.length], [503, 0], "nothing was sent");
  assert.match(error, /^The function that returns the secret failed \(Error\)\. Nothing was sent/);
  await get("/up");
  const answers = await Promise.all(Array.from({ length: 5 }, () => get("/call")));
  for (const [code, body] of answers) assert.deepEqual([code, "ZUSD" in body], [200, true]);
  assert.deepEqual(await get("/reads"), [200, { secret: 2, otp: 1 }], "once in vain, then once for all");
});

test("AWS Secrets Manager: the secret is read with the SDK, and a new version replaces the key", { timeout: 60_000 }, async (t) => {
  const exchange = new Exchange();
  const [first, second] = [exchange.addKey(), exchange.addKey()].map(({ key, secret }) => ({ key, secret }));
  let stored = first;
  let isDown = false;
  const asked = [];
  const url = await serve(t, ({ headers }, body) => {
    asked.push(headers["x-amz-target"], JSON.parse(body).SecretId, /^AWS4-HMAC-SHA256 /.test(headers.authorization));
    if (isDown) return [400, { __type: "ResourceNotFoundException", message: "Secrets Manager can't find the specified secret." }];
    return [200, { ARN: "arn:aws:secretsmanager:eu-west-1:1:secret:kraken", Name: "kraken", SecretString: JSON.stringify(stored) }];
  });
  setEnvironment(t, {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "example",
    KRAKEN_SECRET_ID: "kraken",
  });
  const { open, rotate } = await import("./secrets/aws.mjs");
  const kraken = await open({ fetch: exchange.fetch });
  assert.equal(asked.length, 3, "the secret is not read before the first call");
  isDown = true;
  await assert.rejects(kraken.call("Balance"), (error) => {
    assert.deepEqual(failed(error), [
      "ERR_SECRET_SOURCE",
      "SecretSourceError",
      "The function that returns the secret failed (ResourceNotFoundException). Nothing was sent, and the next call calls it again.",
    ]);
    assert.equal(error.cause.name, "ResourceNotFoundException");
    return true;
  });
  assert.equal(exchange.requests.length, 0);
  isDown = false;
  await Promise.all(Array.from({ length: 5 }, () => kraken.call("Balance")));
  assert.deepEqual(asked, Array.from({ length: 3 }, () => ["secretsmanager.GetSecretValue", "kraken", true]).flat());

  stored = second;
  const underWay = kraken.call("Balance");
  await rotate(kraken);
  await Promise.all([underWay, kraken.call("Balance")]);
  const used = exchange.requests.map(({ headers }) => headers.get("api-key"));
  assert.deepEqual([used.length, used.at(-1)], [7, second.key]);
});

test("Vault: the secret and the setup key are read from a key-value store", { timeout: 60_000 }, async (t) => {
  const exchange = new Exchange();
  const { key, secret, setupKey } = exchange.addKey({ otp: {} });
  const asked = [];
  let token = "hvs.other";
  const url = await serve(t, ({ url, headers }) => {
    asked.push(url);
    if (headers["x-vault-token"] !== token) return [403, { errors: ["permission denied"] }];
    return [200, { data: { data: { secret, setup_key: setupKey }, metadata: { version: 1 } } }];
  });
  setEnvironment(t, { VAULT_ADDR: url, VAULT_TOKEN: "hvs.example", KRAKEN_KEY: key });
  const { open } = await import("./secrets/vault.mjs");
  const kraken = open({ fetch: exchange.fetch });
  await assert.rejects(kraken.call("Balance"), (error) => {
    assert.equal(error.code, "ERR_SECRET_SOURCE");
    assert.equal(error.cause.message, "Vault answered 403 for kraken/trading");
    return true;
  });
  token = "hvs.example";
  await Promise.all(Array.from({ length: 5 }, () => kraken.call("Balance")));
  assert.deepEqual(
    asked,
    Array.from({ length: 3 }, () => "/v1/secret/data/kraken/trading"),
  );
  assert.equal(exchange.requests.length, 5);
});
