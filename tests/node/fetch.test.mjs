// kraken-signer/node: a fetch that keeps its connections, and says the same of errors as the runtime's own.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { after, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { NetworkError, SpotClient, UnknownOutcomeError } from "kraken-signer";
import { nodeFetch } from "kraken-signer/node";
import { certificates } from "../transport/servers.mjs";
import { answerOf, proxy, serve } from "./servers.mjs";

const made = certificates();
const tls = made.of("good");
const ca = readFileSync(made.trusted, "utf8");
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const secret = btoa("x".repeat(64));
const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "1", volume: "1" };

const cleanups = [];
const cleaned = (value, clean) => (cleanups.push(() => clean(value)), value);
const serving = async (...args) => cleaned(await serve(...args), (server) => server.stop());
const fetching = (options) => cleaned(nodeFetch({ ca, proxy: null, ...options }), (fetch) => fetch.close());
const clientOf = (server, options) => {
  const client = new SpotClient({ key: "key", secret, baseUrl: server.url, retries: 0, fetch: fetching(), ...options });
  return cleaned(client, (one) => one.close());
};
after(async () => {
  for (const clean of cleanups.reverse()) await clean();
  made.remove();
});

describe("connections", () => {
  test("one connection serves consecutive calls, even after 6 s of silence if the server announces no timeout", async () => {
    const server = await serving(answerOf({ XXBT: "1" }), { tls });
    const kraken = clientOf(server);
    await kraken.call("Balance");
    await kraken.call("Balance");
    await later(6000);
    assert.deepEqual(await kraken.call("Balance"), { XXBT: "1" });
    assert.equal(server.seen.connections, 1);
  });

  test("a connection is not used for longer than the server announces", async () => {
    const server = await serving(answerOf({}), { tls, keepAliveTimeout: 2000 });
    server.server.removeAllListeners("request");
    server.server.on("request", (request, response) => request.resume().on("end", () => response.end('{"error":[],"result":{}}')));
    const kraken = clientOf(server);
    await kraken.call("Balance");
    await later(500);
    await kraken.call("Balance");
    assert.equal(server.seen.connections, 1);
    // A second before the server would close it.
    await later(1500);
    assert.equal(server.seen.sockets.size, 0);
    await kraken.call("Balance");
    assert.equal(server.seen.connections, 2);
  });

  test("idleTimeout closes unused connections", async () => {
    const server = await serving(answerOf({}), { tls });
    const kraken = clientOf(server, { fetch: fetching({ idleTimeout: 300 }) });
    await kraken.call("Balance");
    await later(800);
    assert.equal(server.seen.sockets.size, 0);
    await kraken.call("Balance");
    assert.equal(server.seen.connections, 2);
  });

  test("a new connection resumes the TLS session of the previous one", async () => {
    const server = await serving(answerOf({}), { tls });
    const kraken = clientOf(server);
    await kraken.call("Balance");
    server.hangUp();
    await later(100);
    await kraken.call("Balance");
    assert.deepEqual([server.seen.connections, server.seen.resumed], [2, 1]);
  });

  test("warm() opens as many connections as requested, and calls use them", async () => {
    const server = await serving(answerOf({}), { tls });
    const fetch = fetching();
    await fetch.warm(`${server.url}/0/private/Balance`, 3);
    assert.equal(server.seen.connections, 3);
    const keys = Array.from({ length: 3 }, (_, place) => ({ key: `key${place}`, secret }));
    await Promise.all(keys.map((key) => clientOf(server, { ...key, fetch }).call("Balance")));
    assert.equal(server.seen.connections, 3);
    await assert.rejects(fetch.warm(server.url, 17), /Invalid `connections`.*1 to 16, got 17/);
    await server.stop();
    await later(100);
    await assert.rejects(fetch.warm(server.url), { code: "ECONNREFUSED" });
  });

  test("idle connections do not keep the process alive, and close() ends them", async () => {
    const server = await serving(answerOf({}), { tls });
    const fetch = fetching();
    const kraken = clientOf(server, { fetch });
    await kraken.call("Balance");
    fetch.close();
    await later(100);
    assert.equal(server.seen.sockets.size, 0);
    await assert.rejects(kraken.call("AddOrder", order), (error) => error instanceof NetworkError && /closed/.test(error.cause.message));
  });

  test("close() lets answers arrive", async () => {
    const server = await serving((request, response) => setTimeout(() => answerOf({ XXBT: "1" })(request, response), 300), { tls });
    const fetch = fetching();
    const answer = clientOf(server, { fetch }).call("Balance");
    await later(150);
    fetch.close();
    assert.deepEqual(await answer, { XXBT: "1" });
    await later(100);
    assert.equal(server.seen.sockets.size, 0);
  });
});

describe("answers", () => {
  test("text, JSON, bytes, a stream and a blob can each be read once", async () => {
    const server = await serving((_, response) =>
      response.writeHead(201, "Made", { "X-A": ["1", "2"], "Content-Type": "a/b" }).end('{"ü":1}'),
    );
    const fetch = fetching();
    const answers = await Promise.all(Array.from({ length: 6 }, () => fetch(server.url)));
    const [text, json, bytes, buffer, blob, stream] = answers;
    assert.deepEqual([text.status, text.statusText, text.ok, text.headers.get("x-a")], [201, "Made", true, "1, 2"]);
    assert.equal(text.url, `${server.url}/`);
    assert.equal(await text.text(), '{"ü":1}');
    assert.deepEqual(await json.json(), { ü: 1 });
    assert.equal((await bytes.bytes()).length, 8);
    assert.equal((await buffer.arrayBuffer()).byteLength, 8);
    assert.equal((await blob.blob()).type, "a/b");
    let length = 0;
    for await (const chunk of stream.body) length += chunk.length;
    assert.equal(length, 8);
    assert.equal(text.bodyUsed, true);
    await assert.rejects(text.text(), TypeError);
  });

  test("a byte order mark is no part of the text", async () => {
    const server = await serving((_, response) => response.end('\ufeff{"error":[],"result":{"XXBT":"1"}}'));
    const fetch = fetching();
    assert.equal(await (await fetch(server.url)).text(), await (await globalThis.fetch(server.url)).text());
    assert.deepEqual(await clientOf(server, { fetch }).call("Balance"), { XXBT: "1" });
  });

  test("a Request is sent unchanged", async () => {
    let seen = "";
    const server = await serving(async (request, response) => {
      for await (const chunk of request) seen += `${request.method} ${request.headers["x-a"]} ${chunk}`;
      response.end();
    });
    await fetching()(new Request(server.url, { method: "PUT", headers: { "X-A": "1" }, body: "nonce=1" }));
    assert.equal(seen, "PUT 1 nonce=1");
  });

  test("market data is compressed in transit, and a decompression bomb is not fully unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(64e6, "x"));
    const small = gzipSync('{"error":[],"result":{"unixtime":1}}');
    let isBomb = false;
    const server = await serving((request, response) => {
      assert.equal(request.headers["accept-encoding"], "gzip");
      response.writeHead(200, { "Content-Encoding": "gzip", "Content-Type": "application/json" }).end(isBomb ? bomb : small);
    });
    const kraken = clientOf(server);
    assert.deepEqual(await kraken.call("Time"), { unixtime: 1 });
    isBomb = true;
    const before = process.memoryUsage().rss;
    await assert.rejects(kraken.call("Time"), { code: "ERR_RESPONSE" });
    assert.ok(process.memoryUsage().rss - before < 150e6, "an answer of 64 MB is not kept");
  });

  test("a redirect is never followed", async () => {
    let requests = 0;
    const server = await serving((_, response) => (requests++, response.writeHead(302, { Location: "/elsewhere" }).end()));
    await assert.rejects(clientOf(server).call("Balance"), { code: "ERR_HTTP", status: 302 });
    await assert.rejects(fetching()(server.url), /redirect, which nodeFetch follows nowhere/);
    assert.equal(requests, 2);
  });

  test("headers and body are sent as they were signed", async () => {
    let seen;
    const server = await serving((request, response) => {
      let body = "";
      request.on("data", (data) => (body += data));
      request.on("end", () => {
        seen = { body, headers: request.headers };
        response.end('{"error":[],"result":{"txid":["O"],"descr":{}}}');
      });
    });
    await clientOf(server).call("AddOrder", order);
    assert.match(seen.body, /^nonce=\d{13}&pair=XBTUSD&/);
    assert.equal(seen.headers["content-length"], `${seen.body.length}`);
    assert.equal(seen.headers["api-key"], "key");
    assert.equal(seen.headers["user-agent"], "kraken-signer");
    assert.equal(seen.headers["accept-encoding"], undefined);
  });
});

describe("errors", () => {
  const rejected = async (work) => {
    try {
      await work;
    } catch (error) {
      return error;
    }
    return assert.fail("it did not fail");
  };

  test("a request that was not sent is a NetworkError with Node's code: name, connection, certificate", async () => {
    const gone = await serving(answerOf({}));
    await gone.stop();
    const strange = await serving(answerOf({}), { tls: made.of("unknown-issuer") });
    for (const [server, reason] of [
      [{ url: gone.url }, "ECONNREFUSED"],
      [{ url: "https://nowhere.invalid" }, /^(ENOTFOUND|EAI_AGAIN)$/],
      [strange, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ]) {
      const error = await rejected(clientOf(server).call("AddOrder", order));
      assert.ok(error instanceof NetworkError, `${server.url}: ${error}`);
      if (typeof reason === "string") assert.equal(error.reason, reason);
      else assert.match(error.reason, reason);
    }
  });

  test("a request without an answer has an unknown outcome and was sent once, even on a reused connection", async () => {
    let orders = 0;
    const server = await serving((request, response) => {
      if (!request.url.endsWith("AddOrder")) return answerOf({})(request, response);
      orders++;
      request.socket.destroy();
    });
    const kraken = clientOf(server, { retries: 5 });
    await kraken.call("Balance");
    const error = await rejected(kraken.call("AddOrder", order));
    assert.ok(error instanceof UnknownOutcomeError);
    assert.equal(error.cause.reason, "ECONNRESET");
    await later(200);
    assert.equal(orders, 1);
    assert.equal(server.seen.connections, 1);
  });

  test("an answer that breaks off is an error", async () => {
    const server = await serving((request, response) => {
      response.writeHead(200, { "Content-Length": 100 }).write("{");
      setTimeout(() => request.socket.destroy(), 50);
    });
    const error = await rejected(clientOf(server).call("AddOrder", order));
    assert.ok(error instanceof UnknownOutcomeError);
  });

  test("a signal ends waiting for a connection, for an answer, or for the rest of it", async () => {
    const server = await serving((request, response) => {
      if (request.url === "/body") response.writeHead(200, { "Content-Length": 100 }).write("{");
    });
    const fetch = fetching();
    const reason = new Error("enough");
    for (const path of ["/head", "/body"]) {
      const stopper = new AbortController();
      setTimeout(() => stopper.abort(reason), 100);
      const read = fetch(`${server.url}${path}`, { signal: stopper.signal }).then((response) => response.text());
      await assert.rejects(read, reason);
    }
    await assert.rejects(fetch(server.url, { signal: AbortSignal.abort(reason) }), reason);
    await later(100);
    assert.equal(server.seen.sockets.size, 0);
  });

  test("a signal that outlives a hundred calls keeps no listener", async () => {
    const server = await serving(answerOf({}));
    const fetch = fetching();
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args) => (listeners++, addEventListener.apply(signal, args));
    signal.removeEventListener = (...args) => (listeners--, removeEventListener.apply(signal, args));
    for (let left = 100; left; left--) await (await fetch(server.url, { signal })).text();
    await later(50);
    assert.equal(listeners, 0);
  });

  test("invalid options and arguments are refused by name", async () => {
    assert.throws(() => nodeFetch({ proxi: "x" }), /`proxi` of nodeFetch\. Did you mean `proxy`/);
    assert.throws(() => nodeFetch({ proxy: "socks5://127.0.0.1:1080" }), /Invalid `proxy`.*socks5: is not supported/);
    assert.throws(() => nodeFetch({ proxy: "http://" }), /Invalid `proxy`/);
    assert.throws(() => nodeFetch({ idleTimeout: "5" }), /Invalid `idleTimeout`/);
    assert.throws(() => nodeFetch({ ca: "/etc/ssl/ca.pem" }), /Invalid `ca`.*PEM/);
    assert.throws(() => nodeFetch(null), /takes an object with options/);
    assert.throws(() => fetching()("ftp://127.0.0.1"), /Invalid URL/);
    await assert.rejects(fetching()("http://127.0.0.1", { method: "POST", body: new FormData() }), /Invalid `body`/);
  });
});

describe("proxies", () => {
  const inEnvironment = async (variables, work) => {
    const names = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"];
    const before = names.map((name) => [name, process.env[name]]);
    for (const name of names) delete process.env[name];
    Object.assign(process.env, variables);
    try {
      return await work();
    } finally {
      for (const [name, value] of before) value === undefined ? delete process.env[name] : (process.env[name] = value);
    }
  };

  test("a tunnel is opened once and kept, credentials are passed on, and TLS ends at the exchange", async () => {
    const server = await serving(answerOf({ XXBT: "1" }), { tls });
    const between = cleaned(await proxy(), (one) => one.stop());
    const url = `http://me:p%40ss@127.0.0.1:${between.port}`;
    const kraken = clientOf(server, { fetch: fetching({ proxy: url }) });
    await kraken.call("Balance");
    assert.deepEqual(await kraken.call("Balance"), { XXBT: "1" });
    assert.deepEqual(between.asked, [{ target: `127.0.0.1:${server.port}`, login: `Basic ${btoa("me:p@ss")}` }]);
    server.hangUp();
    await later(100);
    await kraken.call("Balance");
    assert.deepEqual([between.asked.length, server.seen.resumed], [2, 1]);
    // A token in place of a password, and one without a name.
    for (const [login, sent] of [
      ["token", "token:"],
      [":token", ":token"],
    ]) {
      await clientOf(server, { fetch: fetching({ proxy: `http://${login}@127.0.0.1:${between.port}` }) }).call("Balance");
      assert.equal(between.asked.at(-1).login, `Basic ${btoa(sent)}`);
    }
  });

  test("if a proxy refuses or does not exist, nothing was sent", async () => {
    const server = await serving(answerOf({}), { tls });
    const between = cleaned(await proxy(() => 407), (one) => one.stop());
    const refused = await clientOf(server, { fetch: fetching({ proxy: between.url }) })
      .call("AddOrder", order)
      .catch((error) => error);
    assert.ok(refused instanceof NetworkError, `${refused}`);
    assert.match(refused.cause.message, /407/);
    await between.stop();
    const gone = await clientOf(server, { fetch: fetching({ proxy: between.url }) })
      .call("AddOrder", order)
      .catch((error) => error);
    assert.ok(gone instanceof NetworkError, `${gone}`);
    assert.equal(gone.reason, "ECONNREFUSED");
    assert.equal(server.seen.connections, 0);
  });

  test("a call that ends while a proxy does not answer closes its connection, which would keep the process alive", async () => {
    const server = await serving(answerOf({}), { tls });
    const silent = await serving(answerOf({}));
    let asked = 0;
    silent.server.on("connect", (_, socket) => {
      asked++;
      socket.resume().on("end", () => socket.end());
    });
    const fetch = fetching({ proxy: silent.url });
    await assert.rejects(clientOf(server, { fetch }).call("Balance", {}, { timeout: 300 }), { name: "TimeoutError" });
    assert.equal(asked, 1);
    for (let waits = 0; silent.seen.sockets.size && waits < 200; waits++) await later(10);
    assert.deepEqual([silent.seen.sockets.size, server.seen.connections], [0, 0]);
  });

  test("the environment names the proxy, and the hosts that need none", async () => {
    const server = await serving(answerOf({}), { tls });
    const between = cleaned(await proxy(), (one) => one.stop());
    const tunnels = (variables, options = { proxy: undefined }) =>
      inEnvironment(variables, async () => {
        const before = between.asked.length;
        await clientOf(server, { fetch: fetching(options) }).call("Balance");
        return between.asked.length - before;
      });
    const set = { HTTPS_PROXY: between.url };
    assert.equal(await tunnels({}), 0);
    assert.equal(await tunnels(set), 1);
    assert.equal(await tunnels({ all_proxy: `127.0.0.1:${between.port}` }), 1);
    assert.equal(await tunnels(set, { proxy: null }), 0);
    for (const [list, count] of [
      ["*", 0],
      ["127.0.0.1", 0],
      [`other.example, 127.0.0.1:${server.port}`, 0],
      ["127.0.0.1:1", 1],
      [".0.0.1", 0],
      ["27.0.0.1", 1],
      ["kraken.com", 1],
    ])
      assert.equal(await tunnels({ ...set, NO_PROXY: list }), count, list);
    await inEnvironment({ HTTPS_PROXY: "socks5://127.0.0.1:1" }, () => assert.throws(() => nodeFetch(), /Invalid HTTPS_PROXY.*socks5/));
  });

  test("unencrypted requests go only to this machine, and through no proxy", async () => {
    const server = await serving(answerOf({}));
    const between = cleaned(await proxy(), (one) => one.stop());
    await clientOf(server, { fetch: fetching({ proxy: between.url }) }).call("Balance");
    assert.equal(between.asked.length, 0);
  });
});

test("an invalid proxy is refused, and its password is not shown", () => {
  assert.throws(() => nodeFetch({ proxy: 5 }), { code: "ERR_INVALID_REQUEST", message: /Invalid `proxy`: .*got a number/ });
  // Once a call has begun, its error would say that the request may have been sent.
  const message = "Invalid `proxy`: a % in its user name or password must be written as %25.";
  for (const login of ["me:p%zz", "me:100%", "m%e:p"])
    assert.throws(() => nodeFetch({ proxy: `http://${login}@127.0.0.1:1` }), { code: "ERR_INVALID_REQUEST", message });
});

test("an answer whose connection broke before it was read is an error, and neither complete nor awaited forever", async (t) => {
  const parts = [
    "Content-Length: 10\r\n\r\nabc",
    "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    "Content-Encoding: gzip\r\nContent-Length: 99\r\n\r\nabc",
  ];
  for (const [place, part] of parts.entries())
    for (const end of ["end", "resetAndDestroy"]) {
      const server = createServer((socket) => {
        socket.on("error", () => {});
        socket.once("data", () => socket.write(`HTTP/1.1 200 OK\r\n${part}`, () => setTimeout(() => socket[end](), 10)));
      });
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
      t.after(() => server.close());
      const fetch = nodeFetch({ proxy: null });
      t.after(() => fetch.close());
      for (const read of [(answer) => answer.text(), (answer) => answer.arrayBuffer(), (answer) => new Response(answer.body).text()]) {
        const answer = await fetch(`http://127.0.0.1:${server.address().port}/`, { method: "POST", body: "x" });
        await later(60);
        await assert.rejects(Promise.race([read(answer), later(1000)]), /abort|closed|terminated/, `${place} ${end} ${read}`);
      }
    }
});
