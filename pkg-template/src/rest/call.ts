import type { SentOrder } from "./sent-order.js";
import type { Structure } from "./endpoint.js";
import type { SignedRequest } from "./http/exchange.js";
import type { KeyHandle } from "../wasm/key-handle.js";
import type { Answer, Outcome } from "./answer/outcome.js";

/** Options of one call. */
export interface CallOptions {
  /** Ends the call. If it had been sent and changes something, its outcome is then unknown. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for this call, with waiting, repetitions and pauses; by default the client's. */
  readonly timeout?: number | undefined;
  /** How often this call may be sent again, if it changes nothing; by default the client's. */
  readonly retries?: number | undefined;
  /** The API key to use, of several. */
  readonly key?: string | undefined;
  /**
   * Milliseconds from the moment of sending until the exchange must not accept an order any more: 2 500 to 60 000 (Kraken wants 2 000 when it arrives). It goes out as the parameter
   * `deadline` (AddOrder, AddOrderBatch, EditOrder, AmendOrder) or `processBefore` (Futures), unless that is given. None by default.
   */
  readonly deadline?: number | undefined;
  /** `true`: the caller vouches that an endpoint which this version does not know changes nothing, so that it may be sent again. */
  readonly read?: boolean | undefined;
}

/** What signs a request. */
export interface SigningKey {
  readonly key: string;
  readonly secret: KeyHandle;
}

/** A call with its parameters read, ready to be signed. */
export interface PreparedCall {
  /** As errors name it. */
  readonly endpoint: string;
  /** The permissions that a key needs. */
  readonly permissions: string;
  /** It changes something, and is never sent twice. */
  readonly write: boolean;
  /** It takes neither key nor nonce. */
  readonly isPublic: boolean;
  /** Its answer is a file. */
  readonly file: boolean;
  /** What was asked for, read once. */
  readonly params: Structure;
  /** What orders in it are called. */
  readonly order: SentOrder;
  /** Milliseconds that it may take from the moment of sending, if it has no deadline yet and takes one. */
  readonly deadlineIn: number | undefined;
  /**
   * Makes the request; `url` is a path yet, and headers that say nothing of the call are missing. `deadline` is the end of `deadlineIn`, in RFC
   * 3339, or empty.
   */
  sign(key: SigningKey | undefined, nonce: string, otp: string, deadline: string): SignedRequest;
  /** What an answer proves. */
  judge(answer: Answer): Outcome;
}
