/** Faults of WebSocket connections, and the points at which they strike. */

/**
 * Where a fault strikes: `handshake`, before it is answered; `open`, right after; `received`, when a message has arrived and nothing has been
 * done with it; `executed`, when it has been carried out and the answer has not been sent; `sent`, when a message is sent to the client.
 */
export type SocketMoment = "handshake" | "open" | "received" | "executed" | "sent";

/** A message as it is: text, or bytes for a binary frame. */
export type RawMessage = string | Uint8Array;

/** A fault of a WebSocket connection. */
export type SocketFault =
  /** The connection ends without a closing frame. At `sent` the message still arrives. */
  | { readonly fault: "reset"; readonly at: SocketMoment }
  /** The exchange closes the connection properly; code 1001 by default. */
  | { readonly fault: "close"; readonly at: "open" | "received" | "executed" | "sent"; readonly code?: number }
  /** From here on nothing is answered and nothing is sent, but the connection stays up. */
  | { readonly fault: "silence"; readonly at: SocketMoment }
  /** The connection breaks in the middle of a message's frame. */
  | { readonly fault: "half"; readonly at: "sent" }
  /** One message gets lost, and everything goes on. */
  | { readonly fault: "lose"; readonly at: "received" | "executed" | "sent" }
  /** One message is sent twice. */
  | { readonly fault: "twice"; readonly at: "sent" }
  /**
   * Any messages at all: at `executed` or `sent` instead of what would have been sent, at `received` instead of carrying it out; with
   * `instead: false` before it. A function gets the point, so that an answer can repeat a `req_id`.
   */
  | {
      readonly fault: "raw";
      readonly at: "open" | "received" | "executed" | "sent";
      readonly data: RawMessage | readonly RawMessage[] | ((point: SocketPoint) => RawMessage | readonly RawMessage[]);
      /** Default true. */
      readonly instead?: boolean;
    }
  /**
   * A message is held for `ms` (default `Infinity`, until the injection's `release()`), and carried out even if the connection is gone
   * by then. On the `network` (default) everything behind it waits too; in the queue of the `engine` it has arrived already.
   */
  | { readonly fault: "hold"; readonly at: "received"; readonly ms?: number; readonly where?: "network" | "engine" }
  /** A message is refused with this error. */
  | { readonly fault: "error"; readonly at: "received"; readonly error: string }
  /** The handshake is answered with this HTTP status. */
  | { readonly fault: "status"; readonly at: "handshake"; readonly status: number };

/** A point that a connection has come to. */
export interface SocketPoint {
  /** The moment. */
  readonly at: SocketMoment;
  /** `/v2` or `/ws/v1`. */
  readonly path: string;
  /** The method, channel, event or feed of the message; empty at the handshake and when a connection opens. */
  readonly name: string;
  /** The message, if there is one; at `executed` the answer. */
  readonly message?: Readonly<Record<string, unknown>>;
}

/** Which points a fault strikes. */
export interface SocketInjectOptions {
  /** Only messages of this method, channel, event or feed, such as `add_order` or `executions`. Default any. */
  readonly name?: string;
  /** Only this address, `/v2` or `/ws/v1`. Default any. */
  readonly path?: string;
  /** Only points for which this returns true. Default any. */
  readonly match?: (point: SocketPoint) => boolean;
  /** How many matching points pass before the first strike; default 0. */
  readonly skip?: number;
  /** How many strikes; default 1. */
  readonly times?: number;
}

export function strikes(fault: SocketFault & SocketInjectOptions, point: SocketPoint): boolean {
  const { at, name, path, match } = fault;
  return (
    at === point.at &&
    (name === undefined || name === point.name) &&
    (path === undefined || path === point.path) &&
    (!match || match(point))
  );
}
