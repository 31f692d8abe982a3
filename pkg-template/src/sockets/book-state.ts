import type { KrakenError } from "../errors.js";
import type { BookLevel } from "./book-levels.js";

/** The depths that Kraken offers: the number of levels of each side. */
export type BookDepth = 10 | 25 | 100 | 500 | 1000;

export const DEPTHS: readonly number[] = [10, 25, 100, 500, 1000];

/**
 * The reason why a book is not in sync:
 *
 * - `starting`: the first snapshot has not arrived yet
 * - `checksum`: the levels do not have Kraken's checksum, so a message was lost or changed
 * - `order`: a message arrived out of order, or a snapshot arrived that was not requested
 * - `malformed`: a message does not have the fields of a book, or its numbers have another number of decimals than before
 * - `timeout`: no snapshot arrived in time
 * - `disconnected`: the connection broke
 */
export type OutOfSyncReason = "starting" | "checksum" | "order" | "malformed" | "timeout" | "disconnected";

/** The state of a book at one moment: its levels, or the reason why it is not in sync. */
export type BookState =
  | {
      readonly inSync: true;
      /** The highest price first. */
      readonly bids: readonly BookLevel[];
      /** The lowest price first. */
      readonly asks: readonly BookLevel[];
      /** The time of the last change at Kraken, RFC 3339; absent in snapshots of older versions of Kraken's API. */
      readonly timestamp: string | undefined;
      /** The number of states that this reader missed, because newer ones had arrived before it asked. */
      readonly missed: number;
    }
  | { readonly inSync: false; readonly reason: OutOfSyncReason; readonly missed: number };

/** An event of an {@link OrderBook}. */
export type OrderBookEvent = {
  /** The symbol of the book. */
  readonly symbol: string;
} & (
  | { readonly type: "in-sync" }
  /** `error` is the cause of a broken connection. */
  | { readonly type: "out-of-sync"; readonly reason: OutOfSyncReason; readonly error?: KrakenError }
  /** The symbol is subscribed again in `delay` milliseconds. */
  | { readonly type: "resubscribing"; readonly delay: number }
  /** The book was closed. If there is an `error`, it closed itself. */
  | { readonly type: "closed"; readonly error?: unknown }
);

/** Options of {@link OrderBook}. */
export interface OrderBookOptions {
  /** The number of levels of each side; 10 by default. */
  readonly depth?: BookDepth | undefined;
  /** Called with each event at once, even if nothing reads the book; none by default. An exception of it is reported as an uncaught error. */
  readonly onEvent?: ((event: OrderBookEvent) => void) | undefined;
}

/** Converts Kraken's time to text that sorts like the time; `undefined` if it has another format. */
export function sortable(timestamp: string | undefined): string | undefined {
  const [, seconds, fraction = ""] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(timestamp ?? "") ?? [];
  return seconds && `${seconds}.${fraction.padEnd(9, "0")}`;
}
