// The options that the types offer are those that the package takes: a list of names at run time repeats what an interface says, so the two are compared.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as main from "kraken-signer";
import { nodeFetch } from "kraken-signer/node";
import { RedisLane } from "kraken-signer/redis";
import { FuturesSocket, OrderBook, SpotSocket } from "kraken-signer/sockets";
import { Exchange } from "kraken-signer/testing";
import ts from "typescript6";
import { checker, entries, program } from "./helper.mjs";

// The simulated exchange has options of the same names; of two, the first counts.
const types = new Map(
  [...entries].reverse().flatMap((entry) =>
    checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry))).map((exported) => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      return [symbol.name, checker.getDeclaredTypeOfSymbol(symbol)];
    }),
  ),
);

/** The names of the options of a type, also those that only a part of a union has. */
function typedIn(name) {
  const type = types.get(name);
  assert.ok(type, name);
  const parts = type.isUnion() ? type.types : [type];
  const isOption = (symbol) => !(checker.getTypeOfSymbol(symbol).flags & ts.TypeFlags.Undefined);
  return new Set(parts.flatMap((part) => checker.getPropertiesOfType(part).filter(isOption)).map((symbol) => symbol.name));
}

const exchange = new Exchange();
const { fetch, WebSocket } = exchange;
const kraken = new main.SpotClient({ ...exchange.addKey(), fetch });
const futures = new main.FuturesClient({ ...exchange.addKey({ product: "futures" }), fetch });
const socket = new SpotSocket({ WebSocket, client: kraken });
const { key, secret } = exchange.addKey();
const order = { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "1" };
const withdrawal = { asset: "XBT", key: "cold", amount: "1" };

/** For each type of options, what takes them. */
const TAKERS = {
  SpotClientOptions: (options) => new main.SpotClient(options),
  Credential: (options) => new main.SpotClient({ keys: [{ key, secret, ...options }] }),
  Hooks: (hooks) => new main.SpotClient({ hooks }),
  SpotCallOptions: (options) => kraken.call("Time", {}, options),
  CallOptions: (options) => futures.get("accounts", {}, options),
  SpotRequestOptions: (options) => kraken.request("GET", "/funding/v1/methods", options),
  CheckOptions: (options) => kraken.check(options),
  PagesOptions: (options) => main.pages(kraken, "Ledgers", {}, options).next(),
  PlaceOptions: (options) => main.placeOrder(kraken, order, options),
  ResolveOptions: async (options) => main.resolveOrder(kraken, new main.UnknownOutcomeError("AddOrder", { cause: undefined }), options),
  DeadMansSwitchOptions: (options) => main.deadMansSwitch(kraken, options),
  WithdrawalLookOptions: (options) => main.checkWithdrawal(kraken, withdrawal, options),
  WithdrawOptions: (options) => main.withdraw(kraken, withdrawal, options),
  TotpOptions: (options) => new main.Totp("GEZDGNBVGY3TQOJQ", options),
  NonceSourceOptions: (options) => new main.NonceSource(options),
  ThreadLaneOptions: (options) => new main.ThreadLane({ memory: main.ThreadLane.memory(), ...options }),
  RedisLaneOptions: (options) => new RedisLane({ key, ...options }),
  NodeFetchOptions: (options) => nodeFetch(options),
  SpotSocketOptions: (options) => new SpotSocket(options),
  FuturesSocketOptions: (options) => new FuturesSocket(options),
  ReconnectOptions: (reconnect) => new SpotSocket({ WebSocket, reconnect }),
  SocketCallOptions: (options) => socket.call("cancel_all", {}, options),
  OrderBookOptions: (options) => new OrderBook(socket, "BTC/USD", options),
};

for (const [name, take] of Object.entries(TAKERS))
  test(`${name}: an option that does not exist is refused, with the names of all that do`, async () => {
    const error = await (async () => take({ aNameThatNoOptionHas: 1 }))().then(assert.fail, (error) => error);
    const [, known] =
      /^Unknown option `aNameThatNoOptionHas`.*\. Known options: ([\w, ]+)\.$/.exec(error.message) ?? assert.fail(error.message);
    assert.deepEqual(known.split(", ").sort(), [...typedIn(name)].sort());
  });

test("every exported type of options is compared, or belongs to the simulated exchange, the inspector or a Durable Object, or is a part of another", () => {
  const others =
    /^(ClientOptions|ClientSettings|KeyOptions|FuturesKeyOptions|FuturesClientOptions|SocketOptions|ConnectionOptions|LaneOptions|FetchOptions)$/;
  const own = entries
    .filter((entry) => !/testing|inspect/.test(entry))
    .flatMap((entry) => {
      const module = checker.getSymbolAtLocation(program.getSourceFile(entry));
      return checker.getExportsOfModule(module).map(({ name }) => name);
    });
  assert.deepEqual(
    [...new Set(own)].filter((name) => /(Options|Settings|Hooks)$/.test(name) && !others.test(name) && !(name in TAKERS)),
    [],
  );
  socket.close();
});
