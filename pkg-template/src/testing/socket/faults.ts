/** Faults of WebSocket connections, and the points at which they apply. */

import { checkCounts, checkKnown, checkOneOf } from "../names.js";

/**
 * The moment at which a fault applies: `handshake`, before it is answered; `open`, right after it; `received`, before an arrived message is handled;
 * `executed`, after a message is executed and before its answer is sent; `sent`, when a message is sent to the client.
 */
export type SocketMoment = "handshake" | "open" | "received" | "executed" | "sent";

/** A raw message: text, or bytes for a binary frame. */
export type RawMessage = string | Uint8Array;

/** A fault of a WebSocket connection. */
export type SocketFault =
  /** The connection ends without a closing frame. At `sent`, the message still arrives. */
  | { readonly fault: "reset"; readonly at: SocketMoment }
  /** The exchange closes the connection properly, by default with code 1001. */
  | { readonly fault: "close"; readonly at: "open" | "received" | "executed" | "sent"; readonly code?: number }
  /** The exchange answers and sends nothing anymore, but the connection stays open. */
  | { readonly fault: "silence"; readonly at: SocketMoment }
  /** The connection breaks in the middle of a message's frame. */
  | { readonly fault: "half"; readonly at: "sent" }
  /** One message is lost, and the connection continues. */
  | { readonly fault: "lose"; readonly at: "received" | "executed" | "sent" }
  /** One message is sent twice. */
  | { readonly fault: "twice"; readonly at: "sent" }
  /**
   * Any messages. At `executed` or `sent`, they replace the message that would have been sent. At `received`, they replace the execution. With
   * `instead: false`, they are sent before it. A function gets the point, so that an answer can repeat a `req_id`.
   */
  | {
      readonly fault: "raw";
      readonly at: "open" | "received" | "executed" | "sent";
      readonly data: RawMessage | readonly RawMessage[] | ((point: SocketPoint) => RawMessage | readonly RawMessage[]);
      /** Whether the messages replace the original. Default true. */
      readonly instead?: boolean;
    }
  /**
   * A message is held for `ms` (default `Infinity`, until the injection's `release()`), and executed even if the connection is gone by then. On the
   * `network` (default), everything behind it waits, too. In the queue of the `engine`, it has already arrived.
   */
  | { readonly fault: "hold"; readonly at: "received"; readonly ms?: number; readonly where?: "network" | "engine" }
  /** A message is rejected with this error. */
  | { readonly fault: "error"; readonly at: "received"; readonly error: string }
  /** The handshake is answered with this HTTP status. */
  | { readonly fault: "status"; readonly at: "handshake"; readonly status: number };

/** A point that a connection has reached. */
export interface SocketPoint {
  /** The moment. */
  readonly at: SocketMoment;
  /** The path, `/v2` or `/ws/v1`. */
  readonly path: string;
  /** The method, channel, event or feed of the message. Empty at the handshake and when a connection opens. */
  readonly name: string;
  /** The message, if there is one. At `executed`, the answer. */
  readonly message?: Readonly<Record<string, unknown>>;
}

/** The selection of points that a fault applies to. */
export interface SocketInjectOptions {
  /** Matches only messages of this method, channel, event or feed, such as `add_order` or `executions`. Default: any. */
  readonly name?: string;
  /** Matches only this path, `/v2` or `/ws/v1`. Default: any. */
  readonly path?: string;
  /** Matches only points for which this returns true. Default: any. */
  readonly match?: (point: SocketPoint) => boolean;
  /** The number of matching points that pass before the fault first applies. Default 0. */
  readonly skip?: number;
  /** The number of points that the fault applies to. Default 1. */
  readonly times?: number;
}

const FROM_OPEN = ["open", "received", "executed", "sent"];
const ALWAYS = ["handshake", ...FROM_OPEN];
/** The moments and the options of each fault. */
const FAULTS: Readonly<Record<SocketFault["fault"], { readonly at: readonly string[]; readonly options: readonly string[] }>> = {
  reset: { at: ALWAYS, options: [] },
  close: { at: FROM_OPEN, options: ["code"] },
  silence: { at: ALWAYS, options: [] },
  half: { at: ["sent"], options: [] },
  lose: { at: ["received", "executed", "sent"], options: [] },
  twice: { at: ["sent"], options: [] },
  raw: { at: FROM_OPEN, options: ["data", "instead"] },
  hold: { at: ["received"], options: ["ms", "where"] },
  error: { at: ["received"], options: ["error"] },
  status: { at: ["handshake"], options: ["status"] },
};

/** Refuses a fault that would never apply, or not as it was meant. */
export function checkSocketFault(fault: SocketFault & SocketInjectOptions, paths: readonly string[]): void {
  checkCounts(fault);
  checkOneOf("fault", fault.fault, Object.keys(FAULTS));
  const { at, options } = FAULTS[fault.fault];
  checkKnown(`the fault ${fault.fault}`, fault, ["fault", "at", ...options, "name", "path", "match", "skip", "times"]);
  checkOneOf("at", fault.at, at);
  if (fault.path !== undefined) checkOneOf("path", fault.path, paths);
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
