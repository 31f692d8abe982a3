// What a request of which no answer came says of itself: whether it was sent. Tried with everything that can throw, on failures that really happen.
// `node never-sent.test.mjs --write` records what was observed.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import test, { after, before } from "node:test";
import { promisify } from "node:util";
import { bun, deno, nodes, workerd } from "./runtimes.mjs";
import { certificates, closedPort, listen, refusingProxy, situations } from "./servers.mjs";
import { load } from "./source.mjs";

const record = new URL("observed.json", import.meta.url);
const observed = existsSync(record) ? JSON.parse(readFileSync(record)) : {};
const writing = process.argv.includes("--write");
const seen = {};

const [node20] = nodes;
/** Every `fetch`: of a runtime, or of a package in a runtime. */
const fetches = [
  ...nodes.map((runtime) => ({ name: runtime.name, runtime })),
  { name: "undici 7", runtime: node20, from: "undici" },
  { name: "node-fetch 3", runtime: node20, from: "node-fetch" },
  { name: "node-fetch 2", runtime: node20, from: "node-fetch2" },
  { name: "cross-fetch", runtime: node20, from: "cross-fetch" },
  { name: "Deno", runtime: deno, evidence: "connect-phase" },
  { name: "Deno, reading", runtime: deno, evidence: "none", write: false },
  { name: "Deno, node-fetch 3", runtime: deno, evidence: "connect-phase", from: "node-fetch" },
  { name: "Bun", runtime: bun },
  { name: "Bun, reading", runtime: bun, evidence: "none", write: false },
  { name: "workerd", runtime: workerd },
];

let trusted;
before(() => (trusted = certificates()));
after(() => {
  trusted.remove();
  if (!writing) return;
  const rows = (name) => Object.entries(seen[name]).map(([situation, row]) => `    ${JSON.stringify(situation)}: ${JSON.stringify(row)}`);
  const parts = Object.keys(seen).map((name) => `  ${JSON.stringify(name)}: {\n${rows(name).join(",\n")}\n  }`);
  writeFileSync(record, `{\n${parts.join(",\n")}\n}\n`);
});
const trusting = () => ({ NODE_EXTRA_CA_CERTS: trusted.trusted, DENO_CERT: trusted.trusted });

/** What differs from run to run. */
const lasting = (value) =>
  JSON.parse(
    JSON.stringify(value, (_, one) =>
      typeof one === "string"
        ? one.replace(/(127\.0\.0\.1|localhost):\d+/g, "$1:PORT").replace(/\b[0-9A-F]{12,16}:error/g, "ADDRESS:error")
        : one,
    ),
  );

/** Compares with the record, or makes it. */
function check(name, situation, result) {
  (seen[name] ??= {})[situation] = lasting({ neverSent: result.neverSent ?? null, status: result.status, thrown: result.thrown });
  if (writing) return;
  assert.equal(result.neverSent ?? null, observed[name]?.[situation]?.neverSent, `${name}: ${situation}: ${JSON.stringify(result)}`);
}

test("executed requests never count as not sent, and unsent ones are recognized by their code", { timeout: 600_000 }, async (t) => {
  let [tried, delivered, certain] = [0, 0, 0];
  for (const { name, runtime, from, write } of fetches) {
    await t.test(name, { skip: runtime.missing() }, async () => {
      const { all, stop } = await situations(trusted);
      try {
        // workerd is started without TLS here.
        const here = all.filter(({ url }) => runtime !== workerd || !url.startsWith("https:"));
        const list = here.map(({ name, url, twice }) => ({ name, url, twice }));
        const results = await runtime.run("try.program.mjs", { situations: list, from, write }, trusting());
        for (const { name: situation, deliveries, sent } of here) {
          const result = results[situation];
          const count = deliveries.get("order") ?? 0;
          if (sent || count) assert.ok(!result.neverSent, `${situation}: ${JSON.stringify(result)}`);
          // Nothing repeats what may change something.
          if (write !== false) assert.ok(count <= 1, `${situation}: delivered ${count} times`);
          check(name, situation, result);
          tried++;
          if (count) delivered++;
          if (result.neverSent) certain++;
        }
      } finally {
        await stop();
      }
    });
  }
  t.diagnostic(
    `${tried} failures; in ${delivered} a server had the whole request, of which 0 were called not sent; ${certain} certainly were not`,
  );
});

test(
  "behind a proxy that refuses CONNECT or does not listen, nothing was sent, and the runtime's `fetch` proves it",
  { timeout: 300_000 },
  async (t) => {
    const target = await listen({ tls: trusted.of("good"), answer: () => {} });
    const proxies = { 403: await refusingProxy(403), 407: await refusingProxy(407), 502: await refusingProxy(502) };
    const urls = {
      ...Object.fromEntries(Object.entries(proxies).map(([status, { url }]) => [status, url])),
      closed: `http://127.0.0.1:${await closedPort()}/`,
    };
    t.after(() => Promise.all([target, ...Object.values(proxies)].map((server) => server.stop())));
    const ways = [
      { name: "undici 7, ProxyAgent", runtime: node20, from: "undici" },
      ...nodes.slice(1).map((runtime) => ({ name: `${runtime.name}, NODE_USE_ENV_PROXY`, runtime })),
      { name: "Deno, HTTPS_PROXY", runtime: deno },
      { name: "Bun, HTTPS_PROXY", runtime: bun },
    ];
    for (const { name, runtime, from } of ways) {
      await t.test(name, { skip: runtime.missing() }, async () => {
        for (const [status, url] of Object.entries(urls)) {
          const environment = { ...trusting(), NODE_USE_ENV_PROXY: "1", HTTPS_PROXY: url, https_proxy: url, NO_PROXY: "", no_proxy: "" };
          const situation = `a proxy: ${status}`;
          const options = { situations: [{ name: situation, url: target.url }], from, ...(from && { proxy: url }) };
          const { [situation]: result } = await runtime.run("try.program.mjs", options, environment);
          // In a function of the caller's, the connection that was refused may be that of something else.
          const isCertain = !from || status !== "closed";
          assert.equal(result.neverSent, isCertain, JSON.stringify(result));
          if (isCertain) check(name, situation, result);
        }
      });
    }
    assert.equal(target.deliveries.size, 0);
  },
);

test("errors that were recorded in every runtime are still recognized", { skip: writing }, async (t) => {
  const { diagnose } = await load("http/never-sent");
  const revive = ({ cause, errors, ...facts }) =>
    Object.assign(new Error(), facts, cause && { cause: revive(cause) }, errors && { errors: errors.map(revive) });
  let count = 0;
  for (const [name, rows] of Object.entries(observed)) {
    const evidence = fetches.find((one) => one.name === name)?.evidence ?? (/^Deno/.test(name) ? "connect-phase" : "codes");
    for (const [situation, { neverSent, thrown }] of Object.entries(rows)) {
      if (!thrown) continue;
      assert.equal(diagnose(revive(thrown), { synchronously: false, evidence, secrets: [] }).neverSent, neverSent, `${name}: ${situation}`);
      count++;
    }
  }
  assert.ok(count > 300, `${count}`);
  t.diagnostic(`${count} errors`);
});

test("of invented errors, only those with proof count as not sent", async (t) => {
  const { diagnose } = await load("http/never-sent");
  const made = (facts) => Object.assign(new Error(facts.message ?? "x", { cause: facts.cause }), facts);
  const failed = (cause) => made({ message: "fetch failed", cause });
  const system = (code, syscall) => made({ code, syscall, message: `${syscall} ${code} 127.0.0.1:443` });
  const several = (...errors) => new AggregateError(errors);
  const judge = (error, evidence = "codes", synchronously = false) => diagnose(error, { synchronously, evidence, secrets: [] }).neverSent;
  const never = {
    "refused at every address": failed(
      Object.assign(several(system("ECONNREFUSED", "connect"), system("ETIMEDOUT", "connect")), { code: "ETIMEDOUT" }),
    ),
    "no route": failed(system("EHOSTUNREACH", "connect")),
    "a connection that took too long": failed(system("ETIMEDOUT", "connect")),
    "undici's own time limit": failed(made({ code: "UND_ERR_CONNECT_TIMEOUT", message: "Connect Timeout Error" })),
    "a name server that did not answer": failed(system("EAI_AGAIN", "getaddrinfo")),
    "a name without a system call": made({ code: "ENOTFOUND" }),
    "an old Bun": made({ code: "ConnectionRefused" }),
    "a certificate, deep within": failed(made({ cause: made({ cause: made({ code: "CERT_NOT_YET_VALID" }) }) })),
    "a chain with a self-signed certificate": failed(made({ code: "SELF_SIGNED_CERT_IN_CHAIN" })),
    "an issuer that is not found": failed(made({ code: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" })),
  };
  for (const [name, error] of Object.entries(never)) await t.test(name, () => assert.equal(judge(error), true));
  const perhaps = {
    "one of two attempts was refused, the other reset": failed(several(system("ECONNREFUSED", "connect"), system("ECONNRESET", "read"))),
    "two attempts, of which one says nothing": failed(several(system("ECONNREFUSED", "connect"), new Error("x"))),
    "an error of errors that has none": failed(several()),
    "a reset": failed(system("ECONNRESET", "read")),
    "a reset while a proxy is asked": failed(system("ECONNRESET", "write")),
    "no route any more": failed(system("EHOSTUNREACH", "read")),
    "no answer any more": failed(system("ETIMEDOUT", "read")),
    "no route, and who knows when": made({ code: "ENETUNREACH" }),
    "a reset whose cause was a refusal": made({ code: "ECONNRESET", cause: system("ECONNREFUSED", "connect") }),
    "a TLS error": failed(
      made({
        code: "ERR_SSL_WRONG_VERSION_NUMBER",
        message: "1:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../x.c:354:",
      }),
    ),
    "a TLS alert": failed(made({ code: "ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR" })),
    EPROTO: made({ code: "EPROTO" }),
    "time limits of undici's": failed(made({ code: "UND_ERR_HEADERS_TIMEOUT" })),
    "an abort": new DOMException("This operation was aborted", "AbortError"),
    "a text about a refusal": new Error("after 3 attempts: connect refused"),
    "a number as a code": made({ code: 111 }),
    nothing: undefined,
    text: "ECONNREFUSED",
  };
  for (const [name, error] of Object.entries(perhaps)) await t.test(name, () => assert.equal(judge(error), false));
  await t.test("no error counts as not sent if a request may have been sent before", () => {
    for (const error of Object.values(never)) for (const evidence of ["connect-phase", "none"]) assert.equal(judge(error, evidence), false);
  });
  await t.test("Deno's error texts count only in Deno", () => {
    const words = failed(
      new Error("error sending request for url (https://api.kraken.com/0/private/AddOrder): client error (Connect): dns error"),
    );
    assert.deepEqual([judge(words, "connect-phase"), judge(words, "codes"), judge(words, "none")], [true, false, false]);
    const sending = failed(
      new Error("error sending request from 1.2.3.4:5 for https://x/ (1.1.1.1:443): client error (SendRequest): client error (Connect)"),
    );
    assert.equal(judge(sending, "connect-phase"), false);
    const quoted = failed(
      new Error("error sending request for url (https://x/?a): client error (SendRequest): (https://x/): client error (Connect)"),
    );
    assert.equal(judge(quoted, "connect-phase"), false);
  });
  await t.test("a fetch that throws synchronously has not sent", () =>
    assert.equal(judge(new TypeError("Illegal invocation"), "none", true), true),
  );
});

test("a function around `fetch` that fails at something else after sending proves nothing", async (t) => {
  const { diagnose } = await load("http/never-sent");
  const made = (facts) => Object.assign(new Error(facts.message ?? "x", { cause: facts.cause }), facts);
  const refusedAt = (port) => made({ code: "ECONNREFUSED", syscall: "connect", port, message: `connect ECONNREFUSED 127.0.0.1:${port}` });
  const unknownHost = (hostname) => made({ code: "ENOTFOUND", syscall: "getaddrinfo", hostname });
  const deno = (origin) => new TypeError(`error sending request for url (${origin}/x): client error (Connect): tcp connect error`);
  const judge = (error, url = "https://api.kraken.com/0/private/AddOrder", evidence = "codes") =>
    diagnose(error, { synchronously: false, evidence, secrets: [], url }).neverSent;
  const elsewhere = {
    "a database": refusedAt(5432),
    "a database with two addresses": Object.assign(new AggregateError([refusedAt(6379), refusedAt(6379)]), { code: "ECONNREFUSED" }),
    "a cause": made({ message: "could not log", cause: refusedAt(5432) }),
    "an unknown host": unknownHost("logs.internal"),
    "a log, through the same `fetch`": made({ message: "fetch failed", cause: refusedAt(4318) }),
    "a log with an unknown host": made({ message: "fetch failed", cause: unknownHost("logs.internal") }),
    "a log that took too long": made({
      message: "fetch failed",
      cause: made({
        code: "UND_ERR_CONNECT_TIMEOUT",
        message: "Connect Timeout Error (attempted address: logs.internal:4318, timeout: 10000ms)",
      }),
    }),
    "a log with a certificate for another name": made({
      message: "fetch failed",
      cause: made({ code: "ERR_TLS_CERT_ALTNAME_INVALID", host: "logs.internal" }),
    }),
    "a log, through node-fetch": made({
      code: "ENOTFOUND",
      message: "request to https://logs.internal/ failed, reason: getaddrinfo ENOTFOUND logs.internal",
    }),
    "a port in a message": made({ code: "ECONNREFUSED", message: "Connection error: connect ECONNREFUSED 127.0.0.1:9092" }),
    "a log, which Bun names": made({ code: "ECONNREFUSED", path: "http://127.0.0.1:9092/", message: "ECONNREFUSED: Unable to connect." }),
    "a local socket": made({ code: "ENOENT", syscall: "connect", message: "connect ENOENT /run/log.sock" }),
  };
  for (const [name, error] of Object.entries(elsewhere)) await t.test(name, () => assert.equal(judge(error), false));
  const own = {
    "the port of the request": refusedAt(443),
    "its host": unknownHost("api.kraken.com"),
    "no names": made({ code: "ECONNREFUSED", syscall: "connect" }),
    "the URL of the request, which Bun names, also behind a proxy": made({
      code: "ECONNREFUSED",
      path: "https://api.kraken.com/0/private/AddOrder",
      message: "ECONNREFUSED: Unable to connect.",
    }),
    "the port of a proxy, with the URL of the request": made({
      code: "ECONNREFUSED",
      message: "request to https://api.kraken.com/0/private/AddOrder failed, reason: connect ECONNREFUSED 127.0.0.1:3128",
    }),
  };
  for (const [name, error] of Object.entries(own)) await t.test(name, () => assert.equal(judge(error), true));
  await t.test("Deno names the URL", () => {
    const url = "https://api.kraken.com/0/private/AddOrder";
    assert.equal(judge(deno("https://api.kraken.com"), url, "connect-phase"), true);
    assert.equal(judge(deno("https://logs.example"), url, "connect-phase"), false);
  });
  await t.test("a log that was down after the order: as an option, and in place of the runtime's `fetch`", async (t) => {
    const { SpotClient } = await import("kraken-signer");
    const { Exchange } = await import("kraken-signer/testing");
    const exchange = new Exchange();
    const { key, secret } = exchange.addKey();
    const runtimes = globalThis.fetch;
    t.after(() => (globalThis.fetch = runtimes));
    const log = `http://127.0.0.1:${await closedPort()}/`;
    const wrapper = async (url, init) => {
      const answer = await exchange.fetch(url, init);
      await runtimes(log, { method: "POST", body: "sent" });
      return answer;
    };
    for (const way of ["option", "global"]) {
      if (way === "global") globalThis.fetch = wrapper;
      const client = new SpotClient({ key, secret, ...(way === "option" && { fetch: wrapper }) });
      await assert.rejects(client.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "1" }), {
        name: "UnknownOutcomeError",
      });
      client.close();
    }
    assert.equal(exchange.executions.length, 2);
  });
  await t.test("in place of the runtime's `fetch` before the package is loaded, as instrumentation is", async () => {
    const program = `
      const runtimes = globalThis.fetch;
      let exchange;
      const wrapper = async (url, init) => {
        const answer = await exchange.fetch(url, init);
        await runtimes("http://127.0.0.1:${await closedPort()}/", { method: "POST", body: "sent" });
        return answer;
      };
      // A method of a tracer that is bound to it: in Bun, its text is that of native code.
      const bound = () => (({ fetch: wrapper }) => ({ fetch(...given) { return wrapper(...given); } }))({ fetch: wrapper }).fetch.bind({});
      const asProxy = (fetch) => new Proxy(fetch, { apply: (_, owner, given) => wrapper(...given) });
      globalThis.fetch = { function: wrapper, proxy: asProxy(runtimes), bound: bound() }[process.env.WAY];
      const { SpotClient } = await import("kraken-signer");
      const { Exchange } = await import("kraken-signer/testing");
      exchange = new Exchange();
      const client = new SpotClient(exchange.addKey());
      const failed = client.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "1" });
      console.log((await failed.catch((error) => error)).name, exchange.executions.length);
    `;
    const runtimes = [[process.execPath, "--input-type=module"], ...(bun.missing() ? [] : [[bun.binary]])];
    for (const [binary, ...args] of runtimes)
      for (const WAY of ["function", "proxy", "bound"]) {
        const options = { env: { ...process.env, WAY }, cwd: new URL(".", import.meta.url) };
        const { stdout } = await promisify(execFile)(binary, [...args, "--eval", program], options);
        assert.equal(stdout, "UnknownOutcomeError 1\n", `${binary}, ${WAY}`);
      }
  });
  await t.test("around that of `kraken-signer/node`, as a Proxy or with its properties", async () => {
    const { SpotClient } = await import("kraken-signer");
    const { Exchange } = await import("kraken-signer/testing");
    const { nodeFetch } = await import("kraken-signer/node");
    const exchange = new Exchange();
    const inner = nodeFetch();
    const wrapper = async (url, init) => {
      await exchange.fetch(url, init);
      throw made({ code: "ECONNREFUSED", port: 5432 });
    };
    const ways = [new Proxy(inner, { apply: (_, owner, given) => wrapper(...given) }), Object.assign(wrapper, inner)];
    for (const fetch of ways) {
      const client = new SpotClient({ ...exchange.addKey(), fetch });
      const failed = client.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "1" });
      await assert.rejects(failed, { name: "UnknownOutcomeError" });
      client.close();
    }
    assert.equal(exchange.executions.length, 2);
  });
  await t.test("through a client", async () => {
    const { SpotClient } = await import("kraken-signer");
    const fetch = async () => {
      throw refusedAt(5432);
    };
    const client = new SpotClient({ key: "K".repeat(56), secret: Buffer.alloc(64, 1).toString("base64"), fetch });
    await assert.rejects(client.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "1" }), {
      name: "UnknownOutcomeError",
    });
    client.close();
  });
});
