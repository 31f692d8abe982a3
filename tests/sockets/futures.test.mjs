// The Futures socket: challenge, feeds, pings, and what a break asks for again.
import assert from "node:assert/strict";
import test from "node:test";
import { FuturesClient, Signer } from "kraken-signer";
import { address, counting, Exchange, FAST, FuturesSocket, later, NetWebSocket, reading, until } from "./helper.mjs";

async function futures(t, options = {}, { key: keyOptions = {}, loopback = false } = {}) {
  const exchange = new Exchange({ sockets: { attempts: 1e4, heartbeat: 30 } });
  const server = loopback ? await exchange.listen() : undefined;
  if (server) t.after(() => server.close());
  const key = exchange.addKey({ product: "futures", ...keyOptions });
  const counter = counting(server ? NetWebSocket : exchange.WebSocket);
  const events = [];
  const socket = new FuturesSocket({
    key: key.key,
    secret: key.secret,
    url: server ? `${server.socketUrl}/ws/v1` : address("/ws/v1"),
    WebSocket: counter.WebSocket,
    reconnect: FAST,
    timeout: 1000,
    onEvent: (event) => events.push(event),
    ...options,
  });
  t.after(() => socket.close());
  return { exchange, key, counter, events, socket, client: new FuturesClient({ ...key, fetch: exchange.fetch }) };
}
const sent = (counter) =>
  counter.messages.filter(({ event }) => event !== "ping").map(({ event, feed }) => (feed ? `${event} ${feed}` : event));
const limit = { orderType: "lmt", symbol: "PF_XBTUSD", side: "buy", size: 2, limitPrice: 30000 };

for (const loopback of [false, true]) {
  test(`${loopback ? "over loopback" : "in memory"}: one challenge is enough for every private feed, and public feeds need none`, async (t) => {
    const { socket, client, counter } = await futures(t, {}, { loopback });
    const { of, messages } = reading(socket);
    const feeds = [
      ...["open_orders", "open_orders_verbose", "open_positions", "balances", "fills", "account_log", "notifications_auth"],
      ...["account_balances_and_margins", "deposits_withdrawals"],
    ];
    await Promise.all(feeds.map((feed) => socket.subscribe(feed)));
    await socket.subscribe("ticker", { product_ids: ["PF_XBTUSD"] });
    await socket.subscribe("trade", { product_ids: ["PF_XBTUSD", "PI_XBTUSD"] });
    assert.equal(sent(counter).filter((one) => one === "challenge").length, 1);
    const own = counter.messages.filter(({ signed_challenge }) => signed_challenge).map(({ feed }) => feed);
    assert.deepEqual(own, feeds, "credentials go only where they are needed");
    const { sendStatus } = await client.post("sendorder", { ...limit, cliOrdId: "mine" });
    await client.post("cancelorder", { order_id: sendStatus.order_id });
    await client.post("sendorder", { orderType: "mkt", symbol: "PF_XBTUSD", side: "buy", size: 1 });
    await until(() => of("fills").length && of("balances").length && of("trade").length);
    assert.deepEqual(
      of("open_orders")
        .map(({ reason, order, is_cancel }) => [reason, order?.cli_ord_id, is_cancel])
        .slice(0, 2),
      [
        ["new_placed_order_by_user", "mine", false],
        ["cancelled_by_user", undefined, true],
      ],
    );
    assert.equal(of("open_orders_snapshot").length, 1);
    assert.equal(of("open_positions").at(-1).positions[0].balance, 1);
    assert.equal(of("fills")[0].fills[0].price, 50000);
    assert.equal(of("account_balances_and_margins").at(-1).margin_accounts.at(-1).name, "flex");
    assert.deepEqual(of("deposits_withdrawals")[0].elements, []);
    assert.equal(of("heartbeat").length, 0);
    assert.deepEqual(
      messages.filter(({ type }) => type === "gap"),
      [],
    );
  });
}

test("after a broken connection, a new challenge is signed, and everything is subscribed again", async (t) => {
  const { socket, exchange, counter, events } = await futures(t);
  const { of } = reading(socket);
  await socket.subscribe("open_orders");
  await socket.subscribe("ticker", { product_ids: ["PF_XBTUSD"] });
  exchange.sockets[0].reset();
  await until(() => of("open_orders_snapshot").length === 2 && of("ticker").length === 2);
  const challenges = counter.messages
    .filter(({ original_challenge }) => original_challenge)
    .map(({ original_challenge }) => original_challenge);
  assert.equal(new Set(challenges).size, 2);
  assert.deepEqual(
    events.map(({ feed, type }) => [feed, type]),
    ["connected", "disconnected", "reconnecting", "connected"].map((type) => ["socket", type]),
  );
  await socket.unsubscribe("open_orders");
  exchange.sockets[1].reset();
  await until(() => of("ticker").length === 3);
  assert.equal(of("open_orders_snapshot").length, 2);
});

test("sequence numbers restart with each connection and subscription, so that only real gaps are reported", async (t) => {
  const { socket, exchange, client } = await futures(t);
  const { of } = reading(socket);
  const trade = () => client.post("sendorder", { orderType: "mkt", symbol: "PF_XBTUSD", side: "buy", size: 1 });
  const subscribe = () => Promise.all([socket.subscribe("balances"), socket.subscribe("trade", { product_ids: ["PF_XBTUSD"] })]);
  await subscribe();
  for (let i = 0; i < 3; i++) await trade();
  exchange.sockets[0].reset();
  await until(() => of("balances_snapshot").length === 2 && of("trade_snapshot").length === 2);
  await trade();
  await socket.unsubscribe("trade", { product_ids: ["PF_XBTUSD"] });
  await socket.subscribe("trade", { product_ids: ["PF_XBTUSD"] });
  await trade();
  await until(() => of("trade").length === 5);
  const gaps = () => of("socket").filter(({ type }) => type === "gap");
  assert.deepEqual(gaps(), []);
  exchange.injectSocket({ fault: "lose", at: "sent", name: "trade" });
  await trade();
  await trade();
  await until(() => of("trade").length === 6);
  assert.deepEqual(
    gaps().map(({ of, expected, received }) => [of, expected, received]),
    [["trade:PF_XBTUSD", 2, 3]],
  );
});

test("a gap in one product shows even if another product was subscribed or unsubscribed in it", async (t) => {
  const { socket, exchange, client } = await futures(t);
  const { of } = reading(socket);
  const trade = () => client.post("sendorder", { orderType: "mkt", symbol: "PF_XBTUSD", side: "buy", size: 1 });
  await socket.subscribe("trade", { product_ids: ["PF_XBTUSD"] });
  await trade();
  for (const [number, method] of ["subscribe", "unsubscribe"].entries()) {
    exchange.injectSocket({ fault: "lose", at: "sent", name: "trade" });
    await trade();
    await socket[method]("trade", { product_ids: ["PF_ETHUSD"] });
    await trade();
    await until(() => of("trade").length === number + 2);
  }
  const gaps = of("socket").filter(({ type }) => type === "gap");
  assert.deepEqual(
    gaps.map(({ of, expected, received }) => [of, received - expected]),
    [
      ["trade:PF_XBTUSD", 1],
      ["trade:PF_XBTUSD", 1],
    ],
  );
});

test("rejections of key, level, secret, feed and product are errors", async (t) => {
  const { socket, exchange, key } = await futures(t);
  await assert.rejects(socket.subscribe("no_such_feed"), { name: "ApiError", errors: ["Invalid feed"], endpoint: "no_such_feed" });
  await assert.rejects(socket.subscribe("ticker", { product_ids: ["NONE"] }), { name: "ApiError", errors: ["Invalid product id"] });
  await socket.subscribe("fills");
  const wrong = { WebSocket: exchange.WebSocket, reconnect: FAST };
  const other = exchange.addKey({ product: "futures" });
  const level = exchange.addKey({ product: "futures", level: "none" });
  const spot = exchange.addKey();
  for (const credentials of [
    { key: key.key, secret: other.secret },
    { key: level.key, secret: level.secret },
    { key: spot.key, secret: spot.secret },
    { key: "nobody", secret: key.secret },
  ]) {
    const one = new FuturesSocket({ ...wrong, ...credentials, url: address("/ws/v1") });
    const all = await Promise.allSettled(["fills", "balances"].map((feed) => one.subscribe(feed)));
    assert.deepEqual(
      all.map(({ reason }) => [reason?.name, reason?.kind]),
      [
        ["ApiError", "key"],
        ["ApiError", "key"],
      ],
    );
    await one.subscribe("ticker", { product_ids: ["PF_XBTUSD"] });
    one.close();
  }
  assert.throws(() => new FuturesSocket({ ...wrong, key: key.key }), { name: "InvalidRequestError" });
  assert.throws(() => new FuturesSocket({ ...wrong, key: key.key, secret: "short" }), { name: "InvalidSecretError" });
  const open = new FuturesSocket({ ...wrong, url: address("/ws/v1") });
  t.after(() => open.close());
  await assert.rejects(open.subscribe("fills"), { name: "InvalidRequestError" });
});

test("a rejection without a request is an event", async (t) => {
  const { socket, exchange, events } = await futures(t);
  await socket.subscribe("fills");
  await socket.subscribe("balances");
  exchange.sockets[0].send({ event: "alert", message: "Something else" });
  exchange.sockets[0].send({ event: "subscribed_failed", feed: "heartbeat" });
  await until(() => events.length === 2);
  assert.deepEqual([events[1].type, events[1].of, events[1].error.errors], ["refused", "", ["Something else"]]);
  await socket.subscribe("open_orders");
  assert.equal(events.length, 2);
});

test("a key that was revoked while the connection was down ends the socket with that error", async (t) => {
  const { socket, exchange, key } = await futures(t);
  const { done, of } = reading(socket);
  await socket.subscribe("fills");
  key.revoke();
  exchange.sockets[0].reset();
  await assert.rejects(done, { name: "ApiError", kind: "key" });
  assert.equal(of("socket").at(-1).type, "refused");
});

test("pings keep the connection alive, and silence replaces it", async (t) => {
  const { socket, exchange, counter, events } = await futures(t, { silence: 150 });
  await socket.subscribe("fills");
  await later(400);
  assert.ok(counter.messages.filter(({ feed }) => feed === "heartbeat").length >= 4);
  assert.deepEqual(
    events.map(({ type }) => type),
    ["connected"],
  );
  exchange.sockets[0].silence();
  await until(() => exchange.sockets.length === 2 && socket.connected);
});

test("a challenge whose answer was lost is requested again", async (t) => {
  const { socket, exchange } = await futures(t, { timeout: 100 });
  exchange.injectSocket({ fault: "lose", at: "sent", name: "challenge" });
  await assert.rejects(socket.subscribe("fills"), { name: "TimeoutError" });
  await socket.subscribe("fills");
});

test("the secret is wiped when the socket is closed, and inspection does not show it", async (t) => {
  const { socket, key } = await futures(t);
  const { inspect } = await import("node:util");
  await socket.subscribe("fills");
  for (const text of [inspect(socket, { depth: 9, showHidden: true }), JSON.stringify(Object.values(socket).map(String))])
    assert.ok(!text.includes(key.secret) && !text.includes(key.secret.slice(10, 40)));
  const free = t.mock.method(Signer.prototype, "free");
  socket.close();
  assert.equal(free.mock.callCount(), 1);
  await assert.rejects(socket.subscribe("balances"), { code: "ERR_UNAVAILABLE" });
});

test("an API key is checked as by the clients: no private key goes out in its place, and white space around it is removed", async (t) => {
  const { key } = await futures(t);
  const options = { WebSocket: function () {} };
  for (const [wrong, message] of [
    [{ key: key.secret, secret: key.key }, /swapped/],
    [{ key: key.secret, secret: key.secret }, /looks like the private key/],
    [{ key: 1, secret: key.secret }, /got a number/],
    [{ key: "", secret: key.secret }, /empty/],
  ])
    assert.throws(() => new FuturesSocket({ ...options, ...wrong }), message);
  const other = await futures(t);
  const socket = new FuturesSocket({
    key: `${other.key.key}\n`,
    secret: other.key.secret,
    url: address("/ws/v1"),
    WebSocket: other.exchange.WebSocket,
  });
  t.after(() => socket.close());
  await socket.subscribe("open_orders");
});

test("the secret may come from a function, which is called when a private feed needs it, and again after a rejection", async (t) => {
  const given = [];
  const wrong = Buffer.alloc(64, 9).toString("base64");
  const secret = async () => {
    given.push(given.length);
    return given.length === 1 ? wrong : right;
  };
  const { socket, key } = await futures(t, { secret });
  const right = key.secret;
  await socket.subscribe("ticker", { product_ids: ["PF_XBTUSD"] });
  assert.equal(given.length, 0);
  await assert.rejects(socket.subscribe("fills"), { name: "ApiError" });
  await socket.subscribe("fills");
  await socket.subscribe("balances");
  assert.equal(given.length, 2);
});

test("if the function of the secret fails or hangs, the subscription fails, and the next one calls it again", async (t) => {
  let answer = async () => {
    throw new Error("the vault is sealed");
  };
  const { socket, key } = await futures(t, { secret: () => answer() });
  await assert.rejects(socket.subscribe("fills"), { name: "SecretSourceError" });
  answer = () => new Promise(() => {});
  await assert.rejects(socket.subscribe("fills", {}, { timeout: 200 }), { name: "TimeoutError" });
  answer = async () => "short";
  await assert.rejects(socket.subscribe("fills"), { name: "InvalidSecretError" });
  answer = async () => key.secret;
  await socket.subscribe("fills");
});
