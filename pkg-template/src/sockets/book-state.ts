import type { KrakenError } from "../errors.js";
import type { BookLevel } from "./book-levels.js";

/** How many levels of each side Kraken offers. */
export type BookDepth = 10 | 25 | 100 | 500 | 1000;

export const DEPTHS: readonly number[] = [10, 25, 100, 500, 1000];

/**
 * Why a book is not in sync:
 *
 * - `starting`: the first snapshot has not come yet
 * - `checksum`: the levels do not have the checksum that Kraken sent with them, so that a message was lost or changed
 * - `order`: a message came later than one that follows it, or a snapshot came that nobody had asked for
 * - `malformed`: a message does not have the fields of a book, or its numbers do not have as many decimals as those before
 * - `timeout`: no snapshot came
 * - `disconnected`: the connection broke
 */
export type OutOfSyncReason = "starting" | "checksum" | "order" | "malformed" | "timeout" | "disconnected";

/** A book at one moment, or that there is none. */
export type BookState =
  | {
      readonly inSync: true;
      /** The highest price first. */
      readonly bids: readonly BookLevel[];
      /** The lowest price first. */
      readonly asks: readonly BookLevel[];
      /** When Kraken made the change, RFC 3339; older versions of its API do not say so in a snapshot. */
      readonly timestamp: string | undefined;
      /** How many states this reader has not seen, since a newer one had come before he asked. */
      readonly missed: number;
    }
  | { readonly inSync: false; readonly reason: OutOfSyncReason; readonly missed: number };

/** What happened to an OrderBook. */
export type OrderBookEvent = {
  /** Whose book it is about. */
  readonly symbol: string;
} & (
  | { readonly type: "in-sync" }
  /** `error` is the cause of a broken connection. */
  | { readonly type: "out-of-sync"; readonly reason: OutOfSyncReason; readonly error?: KrakenError }
  /** The symbol is subscribed again in so many milliseconds. */
  | { readonly type: "resubscribing"; readonly delay: number }
  /** The book was closed, by itself if there is an `error`. */
  | { readonly type: "closed"; readonly error?: unknown }
);

/** Options of OrderBook. */
export interface OrderBookOptions {
  /** Levels of each side; 10 by default. */
  readonly depth?: BookDepth | undefined;
  /** Is told each event at once, also while nobody reads; nobody by default. What it throws is reported as an uncaught error. */
  readonly onEvent?: ((event: OrderBookEvent) => void) | undefined;
}

/** A time of Kraken's such that texts compare as times do; `undefined` if it is another kind of text. */
export function sortable(timestamp: string | undefined): string | undefined {
  const [, seconds, fraction = ""] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(timestamp ?? "") ?? [];
  return seconds && `${seconds}.${fraction.padEnd(9, "0")}`;
}
