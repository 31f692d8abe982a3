import type { SocketEvent } from "./socket.js";

/** Who keeps the book of a symbol, as far as its socket knows. */
export interface BookKeeper {
  /** A message: its type, and what it says of the book, with numbers as the text that was sent. */
  received(type: unknown, report: unknown): void;
  happened(event: SocketEvent): void;
  /** The socket was closed, by itself if there is an error. */
  ended(error: unknown): void;
}

/** What a socket does for a keeper. */
export interface BookFeed {
  /** Milliseconds for what is asked. */
  readonly timeout: number;
  /** Whether the socket subscribes it again after a break. */
  readonly subscribed: boolean;
  subscribe(signal: AbortSignal): Promise<void>;
  /** Without a connection it is only forgotten. */
  unsubscribe(): Promise<void>;
  /** Milliseconds to wait after so many attempts in a row. */
  pause(attempts: number): number;
  /** No more messages for this keeper. */
  release(): void;
}

/** The method by which an order book gets its feed. Registered, since a program may have the package twice: as ES modules and as CommonJS. */
export const keepBook: unique symbol = Symbol.for("kraken-signer.keep-book/1");
