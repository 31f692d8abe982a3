import type { SocketEvent } from "./socket.js";

/** The callbacks of an order book, which its socket calls. */
export interface BookKeeper {
  /** A message arrived. The numbers in it are text, exactly as they were sent. */
  received(type: unknown, report: unknown): void;
  happened(event: SocketEvent): void;
  /** The socket was closed. If there is an error, it closed itself. */
  ended(error: unknown): void;
}

/** The methods of a socket that an order book uses. */
export interface BookFeed {
  /** Milliseconds for a subscription. */
  readonly timeout: number;
  /** Whether the socket subscribes it again after a disconnect. */
  readonly subscribed: boolean;
  subscribe(signal: AbortSignal): Promise<void>;
  /** Unsubscribes. Without a connection, the socket only forgets the subscription. */
  unsubscribe(): Promise<void>;
  /** Returns the milliseconds to wait after this many attempts in a row. */
  pause(attempts: number): number;
  /** Ends the delivery of messages to this order book. */
  release(): void;
}

/** The method from which an order book gets its feed. The symbol is registered, because a program may have two copies of the package (ESM, CommonJS). */
export const keepBook: unique symbol = Symbol.for("kraken-signer.keep-book/1");
