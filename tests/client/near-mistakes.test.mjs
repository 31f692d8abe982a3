// The checks of mistakes refuse the mistake, and nothing that resembles it: an address of one's own, a class with options, a new endpoint.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FuturesClient, NetworkError, SpotClient, UnknownOutcomeError } from "kraken-signer";
import { nodeFetch } from "kraken-signer/node";
import { FuturesSocket, SpotSocket } from "kraken-signer/sockets";
import { Exchange } from "kraken-signer/testing";

const exchange = new Exchange();
const { fetch, WebSocket } = exchange;
const key = exchange.addKey();
const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "1000", volume: "0.01" };
const refused = { name: "InvalidRequestError" };

test("addresses: those of another API of Kraken are refused, and those of a proxy pass", () => {
  for (const baseUrl of ["https://ws.kraken.com", "https://ws-auth.kraken.com/v2", "https://beta-ws.kraken.com/v2", "wss://proxy.example"])
    assert.throws(() => new SpotClient({ baseUrl }), { ...refused, message: /WebSocket address/ }, baseUrl);
  for (const baseUrl of [
    "https://ws.example.com",
    "https://proxy.example/ws/kraken",
    "https://api.kraken.com",
    "http://localhost:8787/ws/x",
  ])
    assert.ok(new SpotClient({ baseUrl }), baseUrl);
  assert.throws(() => new FuturesClient({ baseUrl: "https://futures.kraken.com/ws/v1" }), { ...refused, message: /WebSocket address/ });
  assert.ok(new FuturesClient({ baseUrl: "https://demo-futures.kraken.com" }));
});

test("addresses of sockets: those of Kraken have to be of this API and version", () => {
  const others = [
    "wss://ws.kraken.com",
    "wss://ws.kraken.com/v1",
    "wss://futures.kraken.com/ws/v1",
    "https://api.kraken.com",
    "wss://ws.kraken.com:443/",
  ];
  for (const url of others)
    assert.throws(() => new SpotSocket({ WebSocket, url }), { ...refused, message: /^Invalid `url`: this class/ }, url);
  const own = [
    "wss://ws-l3.kraken.com/v2",
    "wss://beta-ws.kraken.com/v2",
    "wss://WS.kraken.com:443/v2/",
    "wss://proxy.example/x",
    "ws://localhost:1/v2",
  ];
  for (const url of own) new SpotSocket({ WebSocket, url }).close();
  assert.throws(() => new FuturesSocket({ WebSocket, url: "wss://ws.kraken.com/v2" }), {
    ...refused,
    message: /^Invalid `url`: this class/,
  });
  new FuturesSocket({ WebSocket, url: "wss://demo-futures.kraken.com/ws/v1" }).close();
});

test("options of a call are refused among the parameters of a known endpoint, unless it has such a parameter, and of a new one only a signal", async () => {
  const client = new SpotClient({ ...key, fetch, retries: 0 });
  for (const params of [{ timeout: 5 }, { retries: 0 }, { signal: AbortSignal.timeout(1000) }])
    await assert.rejects(client.call("Balance", params), { ...refused, message: /this is an option of the call/ });
  assert.ok(await client.call("CancelAllOrdersAfter", { timeout: 60 }));
  await assert.rejects(client.call("CancelAllOrdersAfter", { timeout: 60_000 }), { ...refused, message: /Are these milliseconds/ });
  await client.call("CancelAllOrdersAfter", { timeout: 0 });
  assert.ok(await client.call("Balance", { timeout: undefined }));
  const futures = new FuturesClient({ ...exchange.addKey({ product: "futures" }), fetch });
  await assert.rejects(futures.get("accounts", { timeout: 5 }), { ...refused, message: /this is an option of the call/ });
  assert.ok(await futures.post("cancelallordersafter", { timeout: 0 }));
  assert.match(client.signSync("BrandNewThing", { timeout: 5, retries: 1 }).body, /timeout=5&retries=1/);
  assert.throws(() => client.signSync("BrandNewThing", { signal: AbortSignal.timeout(1000) }), refused);
});

test("options in a class pass, and an instance without any is refused", async () => {
  class Settings {
    timeout = 5000;
  }
  class Config {
    get timeout() {
      return 5000;
    }
  }
  class Log {
    onRequest() {}
  }
  for (const options of [new Settings(), new Config(), Object.create(null), {}]) assert.ok(new SpotClient(options));
  assert.ok(new SpotClient({ hooks: new Log() }));
  for (const options of [new SpotClient(), new Date(), Promise.resolve({})])
    assert.throws(() => new SpotClient(options), { ...refused, message: /expected an object, got an instance of/ });
  await assert.rejects(new SpotClient({ fetch }).call("Time", {}, AbortSignal.timeout(1000)), refused);
});

test("a fetch that is none: a call that changes something was not sent if nodeFetch was not called, and is unknown after an answer that is none", async () => {
  const mistaken = (fetch) => new SpotClient({ ...key, fetch, retries: 0 }).call("AddOrder", order);
  await assert.rejects(mistaken(nodeFetch), (error) => error instanceof NetworkError && /pass `nodeFetch\(\)`/.test(error.message));
  await assert.rejects(
    mistaken(() => undefined),
    (error) =>
      error instanceof UnknownOutcomeError &&
      /`fetch` has to return a promise of a Response, but returned undefined/.test(error.cause.message),
  );
});

test("methods of a socket: a name that is nearly one is refused, and another one is sent", async () => {
  const socket = new SpotSocket({ WebSocket, client: new SpotClient({ ...key, fetch }) });
  await assert.rejects(socket.call("addOrder", order), { ...refused, message: 'Unknown method "addOrder". Did you mean "add_order"?' });
  await assert.rejects(socket.call("brand_new", {}), { name: "ApiError", hint: /^Kraken has no such endpoint here/ });
  socket.close();
});
