// Compiled by types.test.mjs: what users write, and what the compiler must refuse.
import * as everything from "kraken-signer";
import {
  type AnyKrakenError,
  type ErrorCode,
  FuturesClient,
  KrakenError,
  type FuturesEndpoints,
  type FuturesName,
  type FuturesParams,
  type FuturesResult,
  MarketNames,
  type Params,
  type HistoryParams,
  type SignedRequest,
  type SpotCallOptions,
  SpotClient,
  type SpotEndpoint,
  type SpotEndpoints,
  type SpotPages,
  type SpotParams,
  type SpotResult,
  type UnknownOutcomeError,
  leastVolume,
  pages,
  placeOrder,
  resolveOrder,
  roundPrice,
  roundVolume,
} from "kraken-signer";
import { KrakenFuturesKey, KrakenKey, futuresClient, spotClient } from "kraken-signer/durable-object";
import { init } from "kraken-signer/slim";
import { OrderBook, type SpotMethods, SpotSocket, type SpotSubscriptions } from "kraken-signer/sockets";

type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;
const same = <One, Other>(_: Same<One, Other>): void => {};

/** The endpoints of Spot whose rows come in pages: `pages` goes through all of them. */
type Paged = { [E in keyof SpotEndpoints]: "ofs" extends keyof SpotParams<E> ? E : never }[keyof SpotEndpoints];
same<Paged, keyof SpotPages>(true);

export async function spot(kraken: SpotClient): Promise<void> {
  // Results are typed by the endpoint.
  const balances = await kraken.call("Balance");
  const balance: string | undefined = balances["XXBT"];
  // @ts-expect-error There may be no such asset.
  const certain: string = balances["XXBT"];
  // @ts-expect-error Amounts are text.
  const amount: number | undefined = balances["XXBT"];
  const { open } = await kraken.call("OpenOrders", { trades: true });
  const price: string | undefined = open["O"]?.descr.price;
  const { txid } = await kraken.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "1", volume: "1" });
  same<typeof txid, string[] | undefined>(true);
  const last: number | string | bigint = (await kraken.call("Trades", { pair: "XBTUSD" }, { timeout: 1 })).last;
  // @ts-expect-error No such field.
  (await kraken.call("Time")).unix_time;
  const incident = (await kraken.call("SystemStatus")).emergency?.[0];
  const step = incident?.next_steps?.[0];
  const expected: string | null | undefined = step?.expected_at_utc;
  // @ts-expect-error It is a number.
  const eventId: string | undefined = incident?.event_id;

  // Every order wants what its kind does.
  const order = { pair: "XBTUSD", type: "sell", volume: 1 } as const;
  await kraken.call("AddOrder", { ...order, ordertype: "market" });
  await kraken.call("AddOrder", { ...order, ordertype: "stop-loss", price: "1", trigger: "index" });
  await kraken.call("AddOrder", { ...order, ordertype: "stop-loss-limit", price: "#5%", price2: "-1" });
  await kraken.call("AddOrder", { ...order, ordertype: "iceberg", price: 1, displayvol: 1, deadline: new Date(), expiretm: "+60" });
  await kraken.call("AddOrder", { ...order, ordertype: "market", oflags: "viqc" });
  await kraken.call("AddOrder", { ...order, ordertype: "limit", price: "1", oflags: "post,fciq" });
  await kraken.call("AddOrder", { ...order, ordertype: "limit", price: "1", oflags: ["post", "fciq", "viqc"] });
  // @ts-expect-error No such flag.
  await kraken.call("AddOrder", { ...order, ordertype: "market", oflags: "pots" });
  // @ts-expect-error … among others.
  await kraken.call("AddOrder", { ...order, ordertype: "market", oflags: "post,fcqi" });
  // @ts-expect-error … in a list.
  await kraken.call("AddOrder", { ...order, ordertype: "market", oflags: ["post", "fcqi"] });
  // @ts-expect-error A limit order wants a price.
  await kraken.call("AddOrder", { ...order, ordertype: "limit" });
  // @ts-expect-error … two of them, once it is triggered.
  await kraken.call("AddOrder", { ...order, ordertype: "take-profit-limit", price: "1" });
  // @ts-expect-error A market order has no price.
  await kraken.call("AddOrder", { pair: "XBTUSD", type: "buy", volume: 1, ordertype: "market", price: "1" });
  const limited: SpotParams<"AddOrder"> = { pair: "XBTUSD", type: "buy", ordertype: "limit", volume: "1", price: "1" };
  // @ts-expect-error … not even that of a limit order which it was made from.
  await kraken.call("AddOrder", { ...limited, ordertype: "market" });
  const stated = { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "1", price: "1" } as const;
  // @ts-expect-error … and not in a variable.
  await kraken.call("AddOrder", stated);
  // @ts-expect-error An iceberg shows a part.
  await kraken.call("AddOrder", { ...order, ordertype: "iceberg", price: "1" });
  // @ts-expect-error No such kind.
  await kraken.call("AddOrder", { ...order, ordertype: "limits", price: "1" });
  // What names an order, and how long it lives.
  await kraken.call("AddOrder", { ...order, ordertype: "market", userref: 1 });
  await kraken.call("AddOrder", { ...order, ordertype: "market", cl_ord_id: "mine", userref: undefined });
  // @ts-expect-error Either of them.
  await kraken.call("AddOrder", { ...order, ordertype: "market", cl_ord_id: "mine", userref: 1 });
  // @ts-expect-error In a batch, too.
  await kraken.call("AddOrderBatch", { pair: "", orders: [{ ...order, ordertype: "market", cl_ord_id: "mine", userref: 1 }] });
  await kraken.call("AddOrder", { ...order, ordertype: "limit", price: 1, timeinforce: "GTD", expiretm: "+60" });
  // @ts-expect-error Until when?
  await kraken.call("AddOrder", { ...order, ordertype: "limit", price: 1, timeinforce: "GTD" });
  const dated = { ...order, ordertype: "limit", price: 1, timeinforce: "GTD", expiretm: "+60", userref: 1 } as const;
  await kraken.call("AddOrder", dated);
  const undated = { ...order, ordertype: "limit", price: 1, timeinforce: "GTD" } as const;
  // @ts-expect-error In a variable, too.
  await kraken.call("AddOrder", undated);
  interface Own {
    pair: string;
    type: "buy" | "sell";
    ordertype: "limit";
    volume: string;
    price: string;
    cl_ord_id: string;
    timeinforce?: "GTC" | "IOC";
  }
  const own: Own = { pair: "XBTUSD", type: "buy", ordertype: "limit", volume: "1", price: "1", cl_ord_id: "mine" };
  await kraken.call("AddOrder", own);
  const closed = { ...order, ordertype: "market", close: { ordertype: "stop-loss-limit", price: "1", price2: "1" } } as const;
  await kraken.call("AddOrder", closed);
  await kraken.call("AddOrder", { ...order, ordertype: "market", close: { ordertype: "stop-loss", price: "-10%" } });
  // @ts-expect-error A limit order that is triggered has two prices, behind another order, too.
  await kraken.call("AddOrder", { ...order, ordertype: "market", close: { ordertype: "take-profit-limit", price: "1" } });
  await kraken.call("CancelOrderBatch", { orders: ["O", 1], cl_ord_ids: ["mine"] });
  await kraken.call("CancelOrderBatch", { cl_ord_ids: ["mine"] });
  // @ts-expect-error Which orders?
  await kraken.call("CancelOrderBatch", {});
  // @ts-expect-error
  await kraken.call("CancelOrderBatch");
  // @ts-expect-error No such side.
  await kraken.call("AddOrder", { pair: "XBTUSD", type: "hold", ordertype: "market", volume: 1 });
  // @ts-expect-error Misspelled.
  await kraken.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "limit", volume: 1, price: 1, timeInForce: "GTC" });
  // @ts-expect-error No volume.
  await kraken.call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "market" });
  await kraken.call("AddOrderBatch", { pair: "XBTUSD", orders: [{ type: "buy", ordertype: "market", volume: 1 }] });
  // @ts-expect-error In a batch, too.
  await kraken.call("AddOrderBatch", { pair: "XBTUSD", orders: [{ type: "buy", ordertype: "limit", volume: 1 }] });
  await kraken.call("CancelOrder", { cl_ord_id: "mine" });
  // @ts-expect-error Which order?
  await kraken.call("CancelOrder", { txid: "O", cl_ord_id: "mine" });

  // @ts-expect-error Parameters are needed.
  await kraken.call("CancelOrder");
  // @ts-expect-error A parameter is needed.
  await kraken.call("Withdraw", { asset: "XBT", key: "mine" });
  // @ts-expect-error This endpoint has none.
  await kraken.call("Balance", { asset: "XBT" });
  // @ts-expect-error The client makes nonces itself.
  await kraken.call("Balance", { nonce: 1 });
  // @ts-expect-error … in every endpoint.
  await kraken.call("CancelOrder", { txid: "O", nonce: "1" });
  // @ts-expect-error And second factors.
  await kraken.call("ClosedOrders", { otp: "123456" });
  // @ts-expect-error No such option.
  await kraken.call("Balance", {}, { timeouts: 1 });

  // Interfaces, and what is built elsewhere.
  interface Cancel {
    txid: string;
  }
  const cancel: Cancel = { txid: "O" };
  await kraken.call("CancelOrder", cancel);
  const params: SpotParams<"AddOrder"> = { ...order, ordertype: "limit", price: "1" };
  await kraken.call("AddOrder", params);
  await placeOrder(kraken, { ...order, ordertype: "market" });
  await placeOrder(kraken, params, { deadline: 5000 });
  interface Limit {
    pair: string;
    type: "buy" | "sell";
    ordertype: "limit";
    volume: string;
    price: string;
  }
  const limit: Limit = { pair: "XBTUSD", type: "buy", ordertype: "limit", volume: "1", price: "1" };
  await placeOrder(kraken, limit);
  // @ts-expect-error An order is typed here, too.
  await placeOrder(kraken, { ...order, ordertype: "limit" });
  // @ts-expect-error One of Futures is none of Spot.
  await placeOrder(kraken, { symbol: "PF_XBTUSD", side: "buy", size: 1, orderType: "mkt" });
  same<SpotResult<"Balance">, SpotEndpoints["Balance"]["result"]>(true);

  // Endpoints that this version does not know are possible with a type argument, and mistakes without.
  const unknown = await kraken.call<unknown>("BrandNew", { anything: 1, nested: { list: [true] } });
  same<typeof unknown, unknown>(true);
  const told = await kraken.call<{ a: 1 }>("BrandNew", cancel, { timeout: 1 });
  same<typeof told, { a: 1 }>(true);
  const maybe = await kraken.call<string | null>("BrandNew");
  same<typeof maybe, string | null>(true);
  const anything = await kraken.call<any>("BrandNew", {}, { read: true });
  anything.of.any.kind;
  // @ts-expect-error Misspelled.
  await kraken.call("Blance");
  // @ts-expect-error … also where a type is expected.
  const misspelled: { a: 1 } = await kraken.call("Blance", { anything: 1 });
  // @ts-expect-error New, or misspelled: the compiler cannot know.
  await kraken.call("BrandNew");
  const name: string = "Balance";
  // @ts-expect-error What is this?
  await kraken.call(name, {});
  await kraken.call<unknown>(name, {} as Params);
  for (const one of ["Balance", "Time"] as ("Balance" | "Time")[]) await kraken.call(one);
  // @ts-expect-error Some endpoints want parameters.
  for (const one of ["Balance", "Time"] as (keyof SpotEndpoints)[]) await kraken.call(one);
  const named: SpotEndpoint[] = ["Balance", "BrandNew"];

  const request: Request = await kraken.sign("Balance");
  const signed: SignedRequest = kraken.signSync("AddOrder", params);
  // @ts-expect-error Signing wants the same.
  await kraken.sign("CancelOrder", { txids: "O" });
  // @ts-expect-error … at once, too.
  kraken.signSync("CancelOrder");
  // @ts-expect-error Misspelled.
  await kraken.sign("CancelOrders", { txid: "O" });
  // @ts-expect-error Misspelled.
  kraken.signSync("Blance");
  await kraken.sign<unknown>("BrandNew", { anything: 1 });
  kraken.signSync<unknown>("BrandNew");

  void [balance, certain, amount, price, last, named, request, signed, misspelled, expected, eventId];
}

/** A type argument on a known name would turn off the check of its parameters. */
export async function typeArguments(kraken: SpotClient, futuresKraken: FuturesClient, socket: SpotSocket): Promise<unknown> {
  // @ts-expect-error
  await kraken.call<SpotResult<"AddOrder">>("AddOrder", { typ: "buy" });
  // @ts-expect-error Whatever the type is.
  await kraken.call<any>("AddOrder", { typ: "buy" });
  // @ts-expect-error
  await kraken.call<unknown>("AddOrder", { typ: "buy" }, { timeout: 1 });
  // @ts-expect-error It would check nothing here, either.
  await kraken.call<Record<string, string>>("Balance");
  // @ts-expect-error
  await kraken.call<"Balance">("Balance");
  // @ts-expect-error Without await.
  kraken.call<unknown>("CancelOrder", {}).then(() => {});
  // @ts-expect-error
  kraken.call<unknown>("CancelOrder", {}).catch(() => {});
  // @ts-expect-error
  const passedOn: Promise<unknown> = kraken.call<unknown>("CancelOrder", {});
  // @ts-expect-error
  await kraken.sign<unknown>("AddOrder", { typ: "buy" });
  // @ts-expect-error
  const signed: SignedRequest = kraken.signSync<unknown>("AddOrder", { typ: "buy" });
  // @ts-expect-error
  await futuresKraken.get<unknown>("orderbook", { symbols: "" });
  // @ts-expect-error
  await futuresKraken.get<any>("tickers/PF_XBTUSD", { symbol: 1 });
  // @ts-expect-error
  await futuresKraken.post<any>("sendorder", { side: "hold" });
  // @ts-expect-error
  await futuresKraken.put<unknown>("leveragepreferences", {});
  // @ts-expect-error
  await futuresKraken.delete<unknown>("rfqs/open-rfqs/1");
  // @ts-expect-error
  await futuresKraken.sign<any>("POST", "sendorder", {});
  // @ts-expect-error
  futuresKraken.signSync<any>("POST", "sendorder", {}).url;
  // @ts-expect-error
  await socket.subscribe<any>("book", { depth: 7 });
  // @ts-expect-error
  await socket.unsubscribe<{ depth: number }>("book", { depth: 7 });
  // @ts-expect-error There is no method that is not known, so that none takes a type argument.
  await socket.call<any>("add_order", { typ: "buy" });
  // One key for many Workers is called alike.
  const remote = spotClient(new KrakenKey({} as never, {}));
  // @ts-expect-error
  await remote.call<any>("AddOrder", { typ: "buy" });
  return [passedOn, signed];
}

/** Nonces and one-time passwords are the client's, also if an object that is no literal has them. */
export async function ofTheClient(kraken: SpotClient, futuresKraken: FuturesClient): Promise<void> {
  interface WithNonce {
    txid: string;
    nonce: number;
  }
  const withNonce: WithNonce = { txid: "O", nonce: 1 };
  // @ts-expect-error
  await kraken.call("CancelOrder", withNonce);
  const withOtp = { start: 1, otp: "123456" };
  // @ts-expect-error
  await kraken.call("TradesHistory", withOtp);
  // @ts-expect-error
  await kraken.sign("TradesHistory", withOtp);
  const fills = { lastFillTime: "", nonce: "1" };
  // @ts-expect-error
  await futuresKraken.get("fills", fills);
  const order = { pair: "XBTUSD", type: "buy", ordertype: "market", volume: 1, nonce: 1 } as const;
  // @ts-expect-error
  await placeOrder(kraken, order);
  // In endpoints that this version does not know, too.
  // @ts-expect-error
  await kraken.call<unknown>("BrandNew", { nonce: 1 });
  // @ts-expect-error
  await kraken.call<unknown>("BrandNew", withNonce);
  // @ts-expect-error
  await kraken.sign<unknown>("BrandNew", { otp: "1" });
  // @ts-expect-error
  await futuresKraken.get<unknown>("brandnew", { nonce: "1" });
  // @ts-expect-error
  await futuresKraken.post<unknown>("brandnew", { otp: "1" });
  // @ts-expect-error
  futuresKraken.signSync<unknown>("DELETE", "brandnew", fills);
  await kraken.call<unknown>("BrandNew", { a: 1, b: { nonce: 1 }, c: [new Date(), undefined], d: 1n } as const);
  // Other objects are taken as before: interfaces, classes, and parameters by name.
  class Cancel {
    txid = "O";
  }
  await kraken.call("CancelOrder", new Cancel());
  await kraken.call("TradesHistory", {} as Params);
}

/** Functions around a call, for any endpoint. */
export function wrappers(kraken: SpotClient, futuresKraken: FuturesClient, socket: SpotSocket) {
  const called = <E extends keyof SpotEndpoints>(endpoint: E, params: SpotParams<E>) => kraken.call(endpoint, params);
  const plain = <E extends keyof SpotEndpoints>(endpoint: E, params: SpotEndpoints[E]["params"]): Promise<SpotEndpoints[E]["result"]> =>
    kraken.call(endpoint, params);
  async function retried<E extends keyof SpotEndpoints>(
    endpoint: E,
    params: SpotParams<E>,
    options?: SpotCallOptions,
  ): Promise<SpotResult<E>> {
    for (;;) {
      try {
        return await kraken.call(endpoint, params, options);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
      }
    }
  }
  const signed = <E extends keyof SpotEndpoints>(endpoint: E, params: SpotParams<E>) => kraken.signSync(endpoint, params);
  const queued = <E extends keyof SpotEndpoints>(endpoint: E, params: SpotParams<E>) => {
    return (): Promise<SpotResult<E>> => kraken.call(endpoint, params);
  };
  const got = <E extends FuturesName<"GET">>(endpoint: E, params: FuturesParams<`GET:${E}`>): Promise<FuturesResult<`GET:${E}`>> =>
    futuresKraken.get(endpoint, params);
  const posted = <E extends FuturesName<"POST">>(endpoint: E, params: FuturesParams<`POST:${E}`>) => futuresKraken.post(endpoint, params);
  const traded = <M extends keyof SpotMethods>(method: M, params: SpotMethods[M]["params"]) => socket.call(method, params);
  const followed = <C extends keyof SpotSubscriptions>(channel: C, params: SpotSubscriptions[C]) => socket.subscribe(channel, params);
  const left = <C extends keyof SpotSubscriptions>(channel: C, params: SpotSubscriptions[C]) => socket.unsubscribe(channel, params);
  const all = <E extends keyof SpotPages>(endpoint: E, params: HistoryParams<E>) => pages(kraken, endpoint, params);
  return { called, plain, retried, signed, queued, got, posted, traded, followed, left, all };
}

export async function wrapped(by: ReturnType<typeof wrappers>): Promise<void> {
  const order = { pair: "XBTUSD", type: "buy", ordertype: "market", volume: 1 } as const;
  const { txid } = await by.called("AddOrder", order);
  same<typeof txid, string[] | undefined>(true);
  const balances = await by.retried("Balance", {});
  same<typeof balances, SpotResult<"Balance">>(true);
  const time = await by.queued("Time", {})();
  same<typeof time, SpotResult<"Time">>(true);
  const { ticker } = await by.got("tickers/PF_XBTUSD", {});
  same<typeof ticker.bid, number | undefined>(true);
  const { sendStatus } = await by.posted("sendorder", { symbol: "", side: "buy", size: 1, orderType: "mkt" });
  same<typeof sendStatus, FuturesResult<"POST:sendorder">["sendStatus"]>(true);
  const { order_id } = await by.traded("add_order", { symbol: "BTC/USD", side: "buy", order_type: "market", order_qty: 1 });
  same<typeof order_id, string>(true);
  for await (const { fee } of by.all("Ledgers", {})) same<typeof fee, string>(true);
  // @ts-expect-error A limit order wants a price, through a wrapper, too.
  await by.called("AddOrder", { ...order, ordertype: "limit" });
  // @ts-expect-error
  await by.retried("Balnce", {});
  // @ts-expect-error
  await by.plain("CancelOrder", { txids: "O" });
  // @ts-expect-error
  await by.posted("sendorder", { symbol: "", side: "buy", size: 1, orderType: "lmt" });
  // @ts-expect-error
  await by.got("sendorder", { symbol: "", side: "buy", size: 1, orderType: "mkt" });
  // @ts-expect-error
  await by.traded("add_order", { symbol: "BTC/USD", side: "buy", order_type: "limit", order_qty: 1 });
  // @ts-expect-error
  await by.followed("book", { symbol: ["BTC/USD"], depth: 7 });
}

export async function futures(kraken: FuturesClient): Promise<void> {
  const { accounts } = await kraken.get("accounts");
  const { ticker } = await kraken.get("tickers/PF_XBTUSD");
  const bid: number | undefined = ticker.bid;
  const { candles } = await kraken.get("/api/charts/v1/trade/PF_XBTUSD/1h", { from: 1, to: new Date() });
  // Paths of text that the compiler does not know.
  const symbol: string = "PF_XBTUSD";
  const length: string = "1h";
  same<typeof candles, (typeof pathed)["candles"]>(true);
  const pathed = await kraken.get(`/api/charts/v1/trade/${symbol}/${length}`, { count: 1 });
  const { ticker: other } = await kraken.get(`tickers/${symbol}`);
  same<typeof other, typeof ticker>(true);
  const { more_candles } = await kraken.get(`/api/charts/v1/spot/${symbol}/1m`);
  // @ts-expect-error No such length.
  const { candles: none } = await kraken.get("/api/charts/v1/trade/PF_XBTUSD/2m");
  // @ts-expect-error
  const { candles: ofNothing } = await kraken.get("/api/charts/v1/trade/PF_XBTUSD/2m", { count: 1 });
  const { candles: later } = await kraken.get<{ candles: 1[] }>("/api/charts/v1/trade/PF_XBTUSD/2m" as string);
  // @ts-expect-error Of which contract?
  const { ticker: nothing } = await kraken.get("tickers/");
  // @ts-expect-error
  const { ticker: nested } = await kraken.get("tickers/PF/XBTUSD");
  // @ts-expect-error Which offer?
  await kraken.post("rfqs/place-offer/", { bid: 1 });
  await kraken.post("rfqs/place-offer/1", { bid: 1, ask: "2" });
  await kraken.post("rfqs/place-offer/1", { askSide: [{ tradeable: "", price: 1 }] });
  // @ts-expect-error At which price?
  await kraken.post("rfqs/place-offer/1", {});
  await kraken.post("orders/status", { orderIds: "1" });
  await kraken.post("orders/status", { cliOrdIds: ["1"], orderIds: ["2"] });
  // @ts-expect-error Which orders?
  await kraken.post("orders/status", {});
  // @ts-expect-error
  await kraken.post("orders/status");
  void [more_candles, none, ofNothing, later, nothing, nested];
  // Each wallet has its type: the two that have names of their own, and those of the contracts.
  const free: number | undefined = accounts.flex?.availableMargin;
  same<NonNullable<typeof accounts.cash>["type"], "cashAccount">(true);
  const wallet = accounts["fi_xbtusd"];
  if (wallet?.type === "marginAccount") wallet.auxiliary.af.toFixed();
  const open: string | undefined = candles[0]?.open;
  // @ts-expect-error There may be no candle.
  candles[0].open;
  const order = { symbol: "PF_XBTUSD", side: "buy", size: 1 } as const;
  const { sendStatus } = await kraken.post("sendorder", { ...order, orderType: "lmt", limitPrice: 1, reduceOnly: true });
  await kraken.post("sendorder", { ...order, orderType: "mkt" });
  await placeOrder(kraken, { ...order, orderType: "mkt" });
  // @ts-expect-error A limit order wants a price.
  await placeOrder(kraken, { ...order, orderType: "lmt" });
  await kraken.post("sendorder", { ...order, orderType: "stp", stopPrice: 1, triggerSignal: "mark" });
  // @ts-expect-error A limit order wants a price.
  await kraken.post("sendorder", { ...order, orderType: "lmt" });
  // @ts-expect-error A stop order wants the price that triggers it.
  await kraken.post("sendorder", { ...order, orderType: "stp" });
  // @ts-expect-error Misspelled.
  await kraken.post("sendorder", { symbol: "", side: "buy", size: 1, orderType: "lmt", limitPrice: 1, clOrdId: "" });
  // @ts-expect-error No such side.
  await kraken.post("sendorder", { symbol: "", side: "long", size: 1, orderType: "mkt" });
  // @ts-expect-error Parameters are needed.
  await kraken.post("sendorder");
  // @ts-expect-error The client makes nonces itself.
  await kraken.get("fills", { nonce: "1" });
  // @ts-expect-error There are no parameters.
  await kraken.get("accounts", { symbol: "" });
  // @ts-expect-error A parameter is needed.
  await kraken.get("orderbook");
  // @ts-expect-error Another method's endpoint wants its own parameters.
  await kraken.put("leveragepreferences", { maxLeverages: 1 });
  await kraken.put("leveragepreferences", { symbol: "PF_XBTUSD", maxLeverage: 5 });
  await kraken.delete("rfqs/open-rfqs/1234");
  await kraken.post("batchorder", {
    batchOrder: [
      { order: "send", order_tag: "1", orderType: "mkt", ...order },
      { order: "cancel", order_id: "" },
    ],
  });
  // @ts-expect-error In a batch, too.
  await kraken.post("batchorder", { batchOrder: [{ order: "send", order_tag: "1", orderType: "lmt", ...order }] });
  await kraken.post("batchorder", { batchOrder: [{ order: "cancel", order_id: "" }], processBefore: new Date() });
  const stated: FuturesParams<"POST:sendorder"> = { ...order, orderType: "lmt", limitPrice: 1 };
  // @ts-expect-error A market order has no price, not even that of a limit order which it was made from.
  await kraken.post("sendorder", { ...stated, orderType: "mkt" });
  const triggered = { ...order, orderType: "lmt", limitPrice: 1, stopPrice: 1 } as const;
  // @ts-expect-error Nothing triggers a limit order.
  await kraken.post("sendorder", triggered);
  const { elements } = await kraken.get("/api/history/v3/executions", { since: new Date(), count: 10 });
  const told = await kraken.get<number>("brandnew", { anything: 1 });
  const unknown = await kraken.post<unknown>("brandnew", { anything: 1 });
  same<typeof unknown, unknown>(true);
  // @ts-expect-error Misspelled.
  await kraken.get("account");
  // @ts-expect-error Misspelled.
  await kraken.post("sendorders", { ...order, orderType: "mkt" });
  // @ts-expect-error Misspelled.
  await kraken.put("leveragepreference", { symbol: "PF_XBTUSD" });
  // @ts-expect-error Misspelled.
  await kraken.delete("rfqs/open-rfq/1234");
  // @ts-expect-error It takes POST.
  await kraken.get("sendorder", { ...order, orderType: "mkt" });
  // @ts-expect-error Misspelled.
  await kraken.sign("POST", "sendorders", { ...order, orderType: "mkt" });
  // @ts-expect-error Misspelled.
  kraken.signSync("GET", "account");
  await kraken.put<unknown>("brandnew");
  await kraken.delete<unknown>("brandnew");
  await kraken.sign<unknown>("GET", "brandnew", { anything: 1 });
  kraken.signSync<unknown>("POST", "brandnew");
  kraken.signSync("GET", "accounts");
  await kraken.sign("POST", "sendorder", { ...order, orderType: "mkt" });
  // @ts-expect-error Signing wants the same.
  await kraken.sign("POST", "sendorder", { ...order, orderType: "lmt" });
  const params: FuturesParams<"POST:sendorder"> = { ...order, orderType: "mkt" };
  const result: FuturesResult<"GET:accounts"> = { result: "success", serverTime: "", accounts };
  same<FuturesEndpoints["GET:accounts"]["result"], typeof result>(true);
  same<FuturesResult<"GET:tickers/PF_XBTUSD">, FuturesResult<"GET:tickers/{symbol}">>(true);

  void [bid, open, sendStatus, elements, told, params, free];
}

export async function around(kraken: SpotClient, futuresKraken: FuturesClient): Promise<void> {
  for await (const { id, ordertxid } of pages(kraken, "TradesHistory", { start: new Date() }))
    same<[typeof id, typeof ordertxid], [string, string]>(true);
  for await (const fill of pages(futuresKraken, "fills")) fill.fill_id.trim();
  for await (const execution of pages(futuresKraken, "/api/history/v3/executions", { sort: "asc" })) execution.uid.trim();
  // @ts-expect-error The pages are for the iterator to turn.
  pages(kraken, "Ledgers", { ofs: 1 });
  // @ts-expect-error No history.
  pages(kraken, "Balance");

  const [assets, pairs] = await Promise.all([kraken.call("Assets"), kraken.call("AssetPairs")]);
  const names = new MarketNames(assets, pairs);
  const pair = pairs[names.pairId("BTC/USD")]!;
  const texts: string[] = [roundPrice(pair, 1.5, "down"), roundVolume(pair, "1", "30000"), leastVolume(pair, "30000")];
  // @ts-expect-error No such direction.
  roundPrice(pair, 1, "away");

  // One key for many Workers is called alike.
  const remote = spotClient(new KrakenKey({} as never, {}));
  const { count } = await remote.call("CancelOrder", { txid: "O" });
  // @ts-expect-error Which order?
  await remote.call("CancelOrder", {});
  for await (const { fee } of pages(remote, "Ledgers")) fee.trim();
  await resolveOrder(remote, {} as UnknownOutcomeError);
  const remoteFutures = futuresClient(new KrakenFuturesKey({} as never, {}));
  // @ts-expect-error A limit order wants a price.
  await remoteFutures.post("sendorder", { orderType: "lmt", symbol: "", side: "buy", size: 1 });
  void [texts, count];
}

// Without a key there is market data.
void spot(new SpotClient());
void futures(new FuturesClient());
new SpotClient({ rateLimit: { max: 10, decay: 0.5, trading: { max: 90, decay: 1.8 } } });
// @ts-expect-error No such tier.
new SpotClient({ rateLimit: "expert" });
// @ts-expect-error Futures has other limits.
new FuturesClient({ rateLimit: "pro" });

export async function prices(): Promise<string | undefined> {
  const socket = new SpotSocket();
  await socket.subscribe("ohlc", { symbol: ["BTC/USD"], interval: 5 });
  await socket.subscribe("instrument", { execution_venue: "international" });
  // @ts-expect-error Which pairs?
  await socket.subscribe("ticker");
  const book = new OrderBook(socket, "BTC/USD", { depth: 25 });
  for await (const state of book) if (state.inSync) return state.bids[0]?.price;
  return book.spread;
}

init(new Uint8Array());

/** Every error by its code: each class with its own fields. */
export function errors(caught: unknown): string | number | undefined {
  if (!(caught instanceof KrakenError)) throw caught;
  // @ts-expect-error The base class has no such field.
  caught.status;
  const error = caught as AnyKrakenError;
  // @ts-expect-error Not every error has it.
  error.status;
  switch (error.code) {
    case "ERR_API":
      same<typeof error, everything.ApiError>(true);
      return error.errors[0] ?? error.hint;
    case "ERR_UNKNOWN_OUTCOME":
      return error.clientOrderId ?? error.nonce;
    case "ERR_HTTP":
      // @ts-expect-error Of another class.
      error.hint;
      return error.status;
    case "ERR_NETWORK":
      return error.reason;
    case "ERR_INVALID_SECRET":
    case "ERR_INVALID_OTP_KEY":
    case "ERR_INVALID_NONCE":
    case "ERR_INVALID_REQUEST":
    case "ERR_SECRET_SOURCE":
    case "ERR_TIMEOUT":
    case "ERR_RESPONSE":
      return error.message;
    case "ERR_LANE":
    case "ERR_FREED":
    case "ERR_CRASHED":
    case "ERR_NOT_READY":
    case "ERR_UNAVAILABLE":
      same<typeof error.code, "ERR_LANE" | "ERR_FREED" | "ERR_CRASHED" | "ERR_NOT_READY" | "ERR_UNAVAILABLE">(true);
      return error.message;
    default:
      same<typeof error, never>(true);
      return undefined;
  }
}
same<AnyKrakenError["code"], ErrorCode>(true);

/** The names of the exported classes of errors whose code does not lead to the class. */
type Package = typeof everything;
type Instance<Class> = Class extends abstract new (...args: never) => infer One ? One : never;
type IsNarrowed<One> = One extends { readonly code: infer Code extends ErrorCode }
  ? Same<Extract<AnyKrakenError, { readonly code: Code }>, One>
  : true;
type Unnarrowed = { [Name in keyof Package]: IsNarrowed<Instance<Package[Name]>> extends true ? never : Name }[keyof Package];
same<Unnarrowed, "KrakenError">(true);
