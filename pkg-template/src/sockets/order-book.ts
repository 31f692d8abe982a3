import { checkNames, described } from "../checks.js";
import { InvalidRequestError, KrakenError } from "../errors.js";
import { differenceOf, middleOf } from "./book-decimal.js";
import { type BookFeed, keepBook } from "./book-feed.js";
import { type BookData, type BookLevel, Levels, bookDataOf } from "./book-levels.js";
import {
  type BookDepth,
  type BookState,
  DEPTHS,
  type OrderBookEvent,
  type OrderBookOptions,
  type OutOfSyncReason,
  sortable,
} from "./book-state.js";
import { type SocketEvent, passes } from "./socket.js";
import type { SpotSocket } from "./spot.js";

/** If a book was in sync for longer than this many milliseconds, it resubscribes without a pause. */
const LASTING = 30_000;

/**
 * The order book of one symbol, maintained from Kraken's `book` channel (WebSocket v2).
 *
 * Each message is verified by its checksum, over the digits as Kraken sent them. If a checksum is wrong or the connection breaks, the book is out of sync
 * until a new snapshot arrives. Reading it throws then, so that old prices are never mistaken for current ones. The book resubscribes by itself.
 *
 * The checksum covers the ten best levels of each side. A lost message about a level beyond them shows only when that level becomes one of the ten. A
 * dead connection is noticed after the socket's `silence`; Kraken sends a message every second, so 5,000 ms is enough.
 *
 * @example
 * ```ts
 * const socket = new SpotSocket();
 * const book = new OrderBook(socket, "BTC/USD", { depth: 25 });
 * for await (const state of book) {
 *   if (state.inSync) console.log(state.bids[0]?.price, state.asks[0]?.price);
 *   else console.log(`not in sync: ${state.reason}`);
 * }
 * ```
 */
export class OrderBook implements AsyncIterable<BookState> {
  /** The symbol, such as `BTC/USD`. */
  readonly symbol: string;
  /** The number of levels of each side. */
  readonly depth: BookDepth;
  readonly #feed: BookFeed;
  readonly #onEvent: ((event: OrderBookEvent) => void) | undefined;
  #levels: Levels;
  #timestamp: string | undefined;
  /** The time of the last update since the snapshot. */
  #last: string | undefined;
  /** The reason why it is not in sync; `undefined` if it is. */
  #reason: OutOfSyncReason | undefined = "starting";
  /** Whether the next snapshot was requested. */
  #awaiting = false;
  /** Whether the last message had mixed decimals. */
  #isMixed = false;
  #syncedAt = 0;
  #failures = 0;
  #needed = false;
  #busy = false;
  /** Ends an attempt. */
  readonly #stopper = new AbortController();
  #closing: Promise<void> | undefined;
  /** Runs while a snapshot is expected. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Ends a pause. */
  #wake: (() => void) | undefined;
  /** The number of the current state. */
  #version = 0;
  #readers: (() => void)[] = [];
  #end: { readonly error: unknown } | undefined;

  /**
   * Subscribes, and connects the socket if necessary. The socket's reader does not get the messages of this book.
   *
   * @param socket - a SpotSocket without credentials, which connects to `wss://ws.kraken.com/v2`, where the books are
   * @param symbol - the symbol of WebSocket v2, such as `BTC/USD` (not `XBT/USD`)
   * @throws InvalidRequestError if Kraken does not offer the depth, or if the socket already has a book of this symbol
   */
  constructor(socket: SpotSocket, symbol: string, options: OrderBookOptions = {}) {
    if (typeof socket?.[keepBook] !== "function")
      throw new InvalidRequestError(`Invalid socket: expected a SpotSocket as the first argument, got ${described(socket)}.`);
    if (typeof symbol !== "string" || !symbol)
      throw new InvalidRequestError(`Invalid symbol: expected the name of a pair, such as "BTC/USD", got ${described(symbol)}.`);
    checkNames("OrderBook", options, ["depth", "onEvent"]);
    const { depth = 10, onEvent } = options;
    if (!DEPTHS.includes(depth))
      throw new InvalidRequestError(
        `Invalid \`depth\`: expected one of ${DEPTHS.join(", ")}, got ${typeof depth === "number" ? depth : described(depth)}.`,
      );
    this.symbol = symbol;
    this.depth = depth;
    this.#onEvent = onEvent;
    this.#levels = new Levels(depth);
    this.#feed = socket[keepBook](symbol, depth, {
      received: (type, report) => this.#received(type, report),
      happened: (event) => this.#happened(event),
      ended: (error) => this.#close(error),
    });
    // For `await using`, if the runtime supports it. The types omit it, because they would require a newer `lib`. A static block would keep the class in
    // bundles that do not use it.
    const { asyncDispose } = Symbol as { asyncDispose?: symbol };
    if (asyncDispose) Object.defineProperty(this, asyncDispose, { value: () => this.close() });
    this.#begin();
  }

  /** Whether the book is the one that Kraken had when it sent its last message. */
  get inSync(): boolean {
    return !this.#reason && !this.#end;
  }

  /** The current bids, the highest price first. The list does not change later. @throws KrakenError with code `ERR_UNAVAILABLE` if the book is not in sync */
  get bids(): readonly BookLevel[] {
    return this.#current().bids;
  }

  /** The current asks, the lowest price first. The list does not change later. @throws KrakenError with code `ERR_UNAVAILABLE` if the book is not in sync */
  get asks(): readonly BookLevel[] {
    return this.#current().asks;
  }

  /** The best bid and the best ask; `undefined` if a side is empty. @throws KrakenError with code `ERR_UNAVAILABLE` if the book is not in sync */
  get best(): {
    /** The level with the highest price that is bid. */
    readonly bid: BookLevel | undefined;
    /** The level with the lowest price that is asked. */
    readonly ask: BookLevel | undefined;
  } {
    const { bids, asks } = this.#current();
    return { bid: bids[0], ask: asks[0] };
  }

  /** The exact difference of the best ask and the best bid; `undefined` if a side is empty. @throws KrakenError with code `ERR_UNAVAILABLE` if the book is not in sync */
  get spread(): string | undefined {
    const { bid, ask } = this.best;
    return bid && ask && differenceOf(ask.price, bid.price);
  }

  /** The exact middle of the best ask and the best bid; `undefined` if a side is empty. @throws KrakenError with code `ERR_UNAVAILABLE` if the book is not in sync */
  get mid(): string | undefined {
    const { bid, ask } = this.best;
    return bid && ask && middleOf(bid.price, ask.price);
  }

  /** The time of the last change at Kraken, RFC 3339. @throws KrakenError with code `ERR_UNAVAILABLE` if the book is not in sync */
  get timestamp(): string | undefined {
    this.#current();
    return this.#timestamp;
  }

  /**
   * Resolves when the book is in sync.
   *
   * @throws the reason of the signal; the error that ended the book, such as an ApiError for a symbol that Kraken does not know
   */
  async ready({
    signal,
  }: {
    /** Ends the wait, and rejects with its reason; none by default. */
    readonly signal?: AbortSignal | undefined;
  } = {}): Promise<void> {
    const abort = (): void => this.#notify();
    signal?.addEventListener("abort", abort);
    try {
      while (!this.inSync) {
        signal?.throwIfAborted();
        if (this.#end) throw this.#end.error ?? this.#unavailable();
        await this.#change();
      }
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /**
   * Iterates over the states of the book, beginning with the current one if it is in sync. A slow reader gets the newest state and the number of states that
   * it missed; states do not accumulate. Each of several readers gets all states. Leaving the loop does not close the book; closing the book ends the loop.
   *
   * @throws the error that ended the book: an ApiError if Kraken rejected the subscription, or the error that ended the socket
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<BookState, void, undefined> {
    let seen = this.inSync ? this.#version - 1 : this.#version;
    for (;;) {
      if (this.#end) {
        if (this.#end.error) throw this.#end.error;
        return;
      }
      if (this.#version === seen) await this.#change();
      else {
        const missed = this.#version - seen - 1;
        seen = this.#version;
        yield this.#state(missed);
      }
    }
  }

  /** Unsubscribes, and ends all readers. The socket stays open; after this has resolved, it can have another book of the symbol. */
  close(): Promise<void> {
    return (this.#closing ??= this.#end ? Promise.resolve() : this.#unsubscribe());
  }

  async #unsubscribe(): Promise<void> {
    this.#finish(undefined);
    this.#stopper.abort();
    // The book is closed even if Kraken does not confirm it.
    await this.#feed.unsubscribe().catch(() => {});
    this.#feed.release();
  }

  #state(missed: number): BookState {
    const { bids, asks } = this.#levels;
    return this.#reason
      ? { inSync: false, reason: this.#reason, missed }
      : { inSync: true, bids, asks, timestamp: this.#timestamp, missed };
  }

  #current(): Levels {
    if (!this.inSync) throw this.#unavailable();
    return this.#levels;
  }

  #unavailable(): KrakenError {
    const why = this.#end ? "closed" : `not in sync (${this.#reason})`;
    return new KrakenError("ERR_UNAVAILABLE", `The order book of ${this.symbol} is ${why}.${this.#end ? "" : " Wait for ready()."}`);
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  #notify(): void {
    if (!this.#readers.length) return;
    const readers = this.#readers;
    this.#readers = [];
    for (const wake of readers) wake();
  }

  #changed(): void {
    this.#version++;
    this.#notify();
  }

  #emit(event: OrderBookEvent): void {
    if (this.#onEvent) queueMicrotask(() => this.#onEvent!(event));
  }

  #received(type: unknown, report: unknown): void {
    if (this.#end) return;
    if (type === "snapshot") return this.#snapshot(report);
    if (!this.inSync) return;
    const data = bookDataOf(report);
    if (type !== "update" || !data) return this.#lose("malformed");
    const time = sortable(data.timestamp);
    if (time && this.#last && time < this.#last) return this.#lose("order");
    this.#last = time;
    this.#take(data);
  }

  #snapshot(report: unknown): void {
    // A snapshot that was not requested is an old one, which the network repeated.
    if (!this.#awaiting) return this.inSync ? this.#lose("order") : undefined;
    this.#awaiting = false;
    const data = bookDataOf(report);
    if (!data) return this.#lose("malformed");
    this.#levels = new Levels(this.depth);
    this.#last = undefined;
    this.#take(data, this.#isMixed);
  }

  #take(data: BookData, isTolerated = false): void {
    // If the next snapshot has mixed decimals too, Kraken writes this pair that way.
    this.#isMixed = !this.#levels.update(data, isTolerated);
    if (this.#isMixed) return this.#lose("malformed");
    if (this.#levels.checksum !== data.checksum) return this.#lose("checksum");
    this.#timestamp = data.timestamp;
    if (this.#reason) {
      this.#reason = undefined;
      this.#syncedAt = Date.now();
      clearTimeout(this.#timer);
      this.#emit({ symbol: this.symbol, type: "in-sync" });
    }
    this.#changed();
  }

  #happened(event: SocketEvent): void {
    if (this.#end) return;
    if (event.type === "disconnected") {
      clearTimeout(this.#timer);
      if (!this.#busy) this.#awaiting = true;
      this.#outOfSync("disconnected", event.cause);
    } else if (event.type === "connected" && !this.#busy) this.#watch();
    else if (event.type === "refused" && event.of === "book" && !this.#busy && !this.#feed.subscribed) this.#close(event.error);
  }

  #outOfSync(reason: OutOfSyncReason, error?: KrakenError): void {
    const isNews = this.#reason !== reason;
    this.#reason = reason;
    if (!isNews) return;
    this.#emit({ symbol: this.symbol, type: "out-of-sync", reason, ...(error && { error }) });
    this.#changed();
  }

  /** Reports the book as out of sync, and subscribes it again. */
  #lose(reason: OutOfSyncReason): void {
    if (!this.#reason && Date.now() - this.#syncedAt > LASTING) this.#failures = 0;
    this.#awaiting = false;
    this.#outOfSync(reason);
    this.#begin();
  }

  #begin(): void {
    this.#needed = true;
    if (!this.#busy) void this.#resubscribe();
  }

  /** Subscribes, one attempt after another, until it succeeds. */
  async #resubscribe(): Promise<void> {
    this.#busy = true;
    while (this.#needed && !this.#end) {
      this.#needed = false;
      try {
        if (this.#feed.subscribed) await this.#leave();
        if (this.#end) return;
        this.#awaiting = true;
        await this.#feed.subscribe(this.#stopper.signal);
      } catch (error) {
        if (this.#end) return;
        if (!passes(error)) return this.#close(error);
        this.#needed = true;
        await this.#sleep();
      }
    }
    this.#busy = false;
    this.#watch();
  }

  /** Ends a subscription that got out of sync: at once the first time, and after a pause if it happens again. */
  async #leave(): Promise<void> {
    if (this.#failures) await this.#sleep();
    else this.#failures = 1;
    // An error means that it is no longer subscribed.
    if (!this.#end) await this.#feed.unsubscribe().catch(() => {});
  }

  async #sleep(): Promise<void> {
    const delay = Math.ceil(this.#feed.pause(this.#failures++));
    this.#emit({ symbol: this.symbol, type: "resubscribing", delay });
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, delay);
    });
    clearTimeout(timer);
  }

  /** Starts the timer for a snapshot. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#reason && !this.#end) this.#timer = setTimeout(() => this.#lose("timeout"), this.#feed.timeout);
  }

  #close(error: unknown): void {
    if (this.#end) return;
    this.#finish(error);
    this.#feed.release();
  }

  #finish(error: unknown): void {
    this.#end = { error };
    clearTimeout(this.#timer);
    this.#wake?.();
    this.#emit({ symbol: this.symbol, type: "closed", ...(error ? { error } : {}) });
    this.#notify();
  }
}
