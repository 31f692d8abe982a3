/** What an exchange remembers of the requests it got. */

import type { Fault } from "./http/faults.js";
import type { Product } from "./keys.js";
import type { Params } from "./parameters/received.js";

/** A call that was carried out. */
export interface Execution {
  /** Whose endpoint it is. */
  readonly product: Product;
  /** Such as `AddOrder`, `Earn/Allocate`, `sendorder`, or the path for APIs outside `/0/` and `/derivatives/api/v3/`; over a WebSocket the method, such as `add_order`. */
  readonly endpoint: string;
  /** Of HTTP; `WebSocket` over one. */
  readonly method: string;
  /** The public half of the key; absent for public endpoints. */
  readonly key?: string;
  /** Absent where there was none. */
  readonly nonce?: string;
  /** As received, without nonce and OTP; every value is the text that was sent. */
  readonly params: Params;
  /** On the exchange's clock, in milliseconds since 1970. */
  readonly time: number;
  /** It changed something: an order, money, a setting. */
  readonly write: boolean;
  /** In words, such as `placed OAAAAA-AAAAA-AAAAAB: buy 1.25000000 XBTUSD @ limit 37500.0`. */
  readonly did: string;
  /** What was answered, or would have been if a fault had not come between. */
  readonly result: unknown;
}

/**
 * What became of a request: `executed`; `refused` with errors; `lost` to a fault before it reached the exchange's checks; or
 * `leaked`, sent to an origin that is not Kraken's, as by a client that follows redirects.
 */
export type Verdict = "executed" | "refused" | "lost" | "leaked";

/** A request that arrived. */
export interface ReceivedRequest {
  /** What became of it. */
  readonly verdict: Verdict;
  /** The errors of the answer; empty unless refused. */
  readonly errors: readonly string[];
  /** As in {@link Execution}. */
  readonly endpoint: string;
  /** Of HTTP. */
  readonly method: string;
  /** The raw request target. */
  readonly path: string;
  /** Where the caller believed it was talking to. */
  readonly origin?: string;
  /** As received. */
  readonly headers: Headers;
  /** The body as text. */
  readonly body: string;
  /** The address of the caller. */
  readonly ip: string;
  /** When it was dealt with, on the exchange's clock, in milliseconds since 1970. */
  readonly time: number;
  /** The fault that struck it; of several, as {@link Exchange.disturb} makes them, the first of hold, twice, reset and gateway. */
  readonly fault?: Fault["fault"];
  /** The execution, if there was one. */
  readonly execution?: Execution;
}
