// Connections of a process that was frozen, or did not look for a while: none is used that the server has closed, or that was idle for too long.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { nodeFetch } from "kraken-signer/node";

/** A server that counts connections and requests, and says nothing of how long it keeps a connection. */
async function open(t) {
  const sockets = [];
  const used = [];
  const server = createServer(({ socket }, response) => (used.push(socket), response.end("{}")));
  server.keepAliveTimeout = 0;
  server.on("connection", (socket) => sockets.push(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => (server.closeAllConnections(), server.close()));
  return { url: `http://127.0.0.1:${server.address().port}`, sockets, used, requests: () => used.length };
}

/** Stops everything in this process but the server's closing of a connection, which the kernel finishes. */
function sleep(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

const post = async (fetch, url) => (await fetch(url, { method: "POST", body: "one" })).text();

test("a connection that the server closed while the process did not look is not used", async (t) => {
  const { url, sockets, requests } = await open(t);
  const fetch = nodeFetch();
  t.after(() => fetch.close());
  for (let i = 0; i < 3; i++) {
    await post(fetch, url);
    // The end of the connection is on its way, and the client has not read it when it begins the next request.
    await new Promise((resolve) => sockets.at(-1).end(resolve));
    sleep(1100);
    await post(fetch, url);
    assert.equal(requests(), 2 * (i + 1));
  }
});

test("of two requests at once, neither gets a connection that the server closed unseen, even if the first gets one that was just used", async (t) => {
  const { url, sockets, used, requests } = await open(t);
  const fetch = nodeFetch();
  t.after(() => fetch.close());
  await Promise.all([post(fetch, url), post(fetch, url)]);
  assert.equal(sockets.length, 2);
  await new Promise((resolve) => setTimeout(resolve, 1050));
  await post(fetch, url);
  await new Promise((resolve) => sockets.find((socket) => socket !== used.at(-1)).end(resolve));
  sleep(300);
  await Promise.all([post(fetch, url), post(fetch, url)]);
  assert.equal(requests(), 5);
});

test("a connection that was idle for longer than `idleTimeout` by the wall clock is not used, even if no timer has run", async (t) => {
  const { url, sockets } = await open(t);
  const fetch = nodeFetch({ idleTimeout: 600_000 });
  t.after(() => fetch.close());
  await post(fetch, url);
  await post(fetch, url);
  assert.equal(sockets.length, 1);
  const now = Date.now;
  t.mock.method(Date, "now", () => now() + 599_000);
  await post(fetch, url);
  assert.equal(sockets.length, 1);
  t.mock.method(Date, "now", () => now() + 3_600_000);
  await post(fetch, url);
  assert.equal(sockets.length, 2);
});
