/** The channels of WebSocket v2 about markets. All of them are public, except `level3`. */

import type { MarketEvent } from "../market/live-market.js";
import { findPair, type Pair } from "../market/market.js";
import { Rejection } from "../outcome.js";
import { flag, text, type Params } from "../parameters/received.js";
import type { SocketSession } from "../socket/session.js";
import type { SpotAccount } from "./account.js";
import { BOOK_DEPTHS, BookStream } from "./book-stream.js";
import { invalid } from "./call.js";
import { LEVEL3_DEPTHS, Level3Stream } from "./level3-stream.js";
import { bestOf } from "./public.js";
import { describeCandle, describeInstruments, describeTicker, publicTrade } from "./stream-market.js";
import { symbolOf } from "./stream-words.js";
import type { TokenRecord } from "./tokens.js";

/** The parts of the connection and of the exchange that the channels use. */
export interface MarketContext {
  readonly account: SpotAccount;
  readonly session: SocketSession;
  /** The exchange's clock, in milliseconds since 1970. */
  readonly now: () => number;
  /** The same in RFC 3339 with microseconds. */
  readonly time: () => string;
  /** Puts method, request id and times around an answer. */
  answer(message: Params, rest: object): Readonly<Record<string, unknown>>;
}

/** One subscription of a market. */
interface Channel {
  /** The fields of the answer, besides channel, snapshot and symbol. */
  readonly said?: object;
  /** Sends the snapshot, if there is one. */
  start(): void;
  stop(): void;
}

/** The fields that every answer to a subscription of a market has. */
interface Subscribed {
  readonly channel: string;
  readonly symbol: string;
  readonly snapshot: boolean;
}

type Open = (channels: MarketChannels, pair: Pair, params: Params, token: TokenRecord | undefined) => Channel;

/** The lengths of candles, in minutes. */
const INTERVALS = [1, 5, 15, 30, 60, 240, 1440, 10_080, 21_600];
const TRADES_IN_SNAPSHOT = 50;
const CANDLES_IN_SNAPSHOT = 720;

const CHANNELS: Readonly<Record<string, Open>> = {
  ticker: (channels, pair, params) => channels.ticker(pair, params),
  trade: (channels, pair, params) => channels.trades(pair, params),
  book: (channels, pair, params) => channels.book(pair, params),
  level3: (channels, pair, params, token) => channels.level3(pair, params, token),
  ohlc: (channels, pair, params) => channels.candles(pair, params),
};

export const isMarketChannel = (channel: string): boolean => channel === "instrument" || Object.hasOwn(CHANNELS, channel);

const wantsSnapshot = (params: Params, otherwise = true): boolean =>
  params["snapshot"] === undefined ? otherwise : flag(params, "snapshot");

export class MarketChannels {
  readonly #context: MarketContext;
  readonly #open = new Map<string, Channel>();

  constructor(context: MarketContext) {
    this.#context = context;
  }

  get size(): number {
    return this.#open.size;
  }

  close(): void {
    for (const channel of this.#open.values()) channel.stop();
    this.#open.clear();
  }

  /** @param token - the token of the subscription, which only `level3` needs */
  subscribe(message: Params, channel: string, params: Params, token?: TokenRecord): void {
    if (channel === "instrument") return this.#subscribeInstruments(message, params);
    const suffix = suffixOf(channel, params);
    const open = (pair: Pair) => CHANNELS[channel]?.(this, pair, params, token);
    for (const symbol of symbols(params)) {
      const pair = findPair(symbol);
      const key = `${channel}${suffix}:${symbol}`;
      const refuse = (error: string) => this.#say(message, { success: false, error, symbol });
      if (!pair || symbolOf(pair) !== symbol) refuse(`Currency pair not supported ${symbol}`);
      else if (this.#open.has(key)) refuse(`Already subscribed to ${channel} ${symbol}`);
      else this.#begin(message, key, { channel, symbol, snapshot: wantsSnapshot(params, channel !== "trade") }, open(pair));
    }
  }

  #begin(message: Params, key: string, { channel, symbol, snapshot }: Subscribed, opened: Channel | undefined): void {
    if (!opened) throw invalid("channel");
    this.#open.set(key, opened);
    const result = { channel, ...opened.said, snapshot, symbol };
    this.#context.session.answer("subscribe", this.#context.answer(message, { success: true, result }));
    opened.start();
  }

  /** Sends all assets and pairs at once. They never change here. */
  #subscribeInstruments(message: Params, params: Params): void {
    const { session, answer } = this.#context;
    if (this.#open.has("instrument")) throw new Rejection("Already subscribed to instrument");
    this.#open.set("instrument", { start: () => {}, stop: () => {} });
    const snapshot = wantsSnapshot(params);
    session.answer("subscribe", answer(message, { success: true, result: { channel: "instrument", snapshot } }));
    if (snapshot) session.send({ channel: "instrument", type: "snapshot", data: describeInstruments() });
  }

  unsubscribe(message: Params, channel: string, params: Params): void {
    const keys = channel === "instrument" ? [channel] : symbols(params).map((symbol) => `${channel}${suffixOf(channel, params)}:${symbol}`);
    for (const key of keys) {
      const found = this.#open.get(key);
      if (!found) {
        this.#say(message, { success: false, error: "Subscription Not Found" });
        continue;
      }
      found.stop();
      this.#open.delete(key);
      const symbol = key.slice(key.indexOf(":") + 1);
      const result = { channel, ...(channel === "instrument" ? {} : { ...found.said, symbol }) };
      this.#context.session.answer("unsubscribe", this.#context.answer(message, { success: true, result }));
    }
  }

  #say(message: Params, rest: object): void {
    this.#context.session.send(this.#context.answer(message, rest));
  }

  ticker(pair: Pair, params: Params): Channel {
    const trigger = text(params, "event_trigger") ?? "trades";
    if (trigger !== "trades" && trigger !== "bbo") throw invalid("event_trigger");
    const send = (type: string) => {
      const { account, session, now } = this.#context;
      session.send({ channel: "ticker", type, data: [describeTicker(pair, account.market(pair), now())] });
    };
    const market = this.#context.account.market(pair);
    const best = () => `${bestOf(market, market.bids).price} ${bestOf(market, market.asks).price}`;
    let before = best();
    /** Returns whether the best prices have changed since the last call. */
    const hasNewBest = () => before !== (before = best());
    return this.#watching(pair, {
      said: { event_trigger: trigger },
      start: () => wantsSnapshot(params) && send("snapshot"),
      moved: (event) => (trigger === "trades" ? event.type === "trade" : hasNewBest()) && send("update"),
    });
  }

  trades(pair: Pair, params: Params): Channel {
    const { account, session } = this.#context;
    const send = (type: string, data: unknown[]) => session.send({ channel: "trade", type, data });
    const last = () => account.market(pair).tape.trades.slice(-TRADES_IN_SNAPSHOT);
    return this.#watching(pair, {
      start: () =>
        wantsSnapshot(params, false) &&
        send(
          "snapshot",
          last().map((trade) => publicTrade(pair, trade)),
        ),
      moved: (event) => event.type === "trade" && send("update", [publicTrade(pair, event.trade)]),
    });
  }

  book(pair: Pair, params: Params): Channel {
    const depth = Number(text(params, "depth") ?? 10);
    if (!BOOK_DEPTHS.includes(depth)) throw new Rejection("Subscription depth not supported");
    const { account, session, time } = this.#context;
    const of = { symbol: symbolOf(pair), decimals: pair.priceDecimals, depth };
    const book = new BookStream(account.market(pair), of, session, time);
    return { said: { depth }, start: () => book.start(wantsSnapshot(params)), stop: () => book.stop() };
  }

  /** Holds the token while it is subscribed. Sends nothing anymore when the token is revoked. */
  level3(pair: Pair, params: Params, token: TokenRecord | undefined): Channel {
    const depth = Number(text(params, "depth") ?? 10);
    if (!LEVEL3_DEPTHS.includes(depth)) throw new Rejection("Subscription depth not supported");
    const { account, session, time } = this.#context;
    const settings = { symbol: symbolOf(pair), decimals: pair.priceDecimals, depth };
    const send = (message: object, json: string): void => {
      if (token?.revoked !== true) session.send(message, json);
    };
    const book = new Level3Stream(account.market(pair), settings, send, time);
    const release = token?.hold();
    return {
      said: { depth },
      start: () => book.start(wantsSnapshot(params)),
      stop: () => {
        book.stop();
        release?.();
      },
    };
  }

  /** Sends the current candle at each trade, and in the snapshot all candles with trades. */
  candles(pair: Pair, params: Params): Channel {
    const interval = intervalOf(params);
    const { account, session, now, time } = this.#context;
    const send = (type: string, count: number) => {
      const candles = account.market(pair).tape.candles(interval, now(), count);
      const data = candles.filter((candle) => candle.count > 0).map((candle) => describeCandle(pair, candle, interval));
      session.send({ channel: "ohlc", type, timestamp: time(), data });
    };
    return this.#watching(pair, {
      said: { interval },
      start: () => wantsSnapshot(params) && send("snapshot", CANDLES_IN_SNAPSHOT),
      moved: (event) => event.type === "trade" && send("update", 1),
    });
  }

  /** Opens a channel that watches a market until it is stopped. */
  #watching(pair: Pair, { said, start, moved }: { said?: object; start(): unknown; moved(event: MarketEvent): unknown }): Channel {
    const { watchers } = this.#context.account.market(pair);
    const watch = (event: MarketEvent): void => void moved(event);
    return {
      ...(said ? { said } : {}),
      start: () => {
        watchers.add(watch);
        start();
      },
      stop: () => void watchers.delete(watch),
    };
  }
}

function intervalOf(params: Params): number {
  const interval = Number(text(params, "interval") ?? 1);
  if (!INTERVALS.includes(interval)) throw invalid("interval");
  return interval;
}

/** Distinguishes candles of several lengths, which can be subscribed side by side. */
const suffixOf = (channel: string, params: Params): string => (channel === "ohlc" ? `-${intervalOf(params)}` : "");

function symbols(params: Params): string[] {
  const list = params["symbol"];
  if (!Array.isArray(list) || list.length === 0) throw new Rejection("EGeneral:Invalid arguments:symbol");
  return list.map(String);
}
