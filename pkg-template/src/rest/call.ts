import { checkFlag, checkNames, checkRetries, described } from "../checks.js";
import { need } from "../errors.js";
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
  /** The API key to use, of several; by default the client chooses the least powerful one that can make the call. */
  readonly key?: string | undefined;
  /**
   * Milliseconds from the moment of sending until the exchange must not accept an order any more: 2 500 to 60 000 (Kraken wants 2 000 when it arrives). It goes out as the parameter
   * `deadline` (AddOrder, AddOrderBatch, EditOrder, AmendOrder) or `processBefore` (Futures), unless that is given. None by default.
   */
  readonly deadline?: number | undefined;
  /**
   * What the caller vouches for about an endpoint that this version does not know. `true`: it changes nothing, so that it may be sent again; `false`:
   * it may change something, and its name is no typing error. By default it counts as one that changes something, unless its name is nearly a known one.
   */
  readonly read?: boolean | undefined;
}

/** The options of every call. */
export const CALL_OPTIONS = ["signal", "timeout", "retries", "key", "deadline", "read"] as const;

const ALIASES = { apikey: "key", abort: "signal", abortsignal: "signal", timeoutms: "timeout", maxretries: "retries" };

/** Checks the options of a call, before its parameters are looked at. */
export function checkCallOptions(endpoint: unknown, options: CallOptions, known: readonly string[] = CALL_OPTIONS): void {
  checkNames(typeof endpoint === "string" ? endpoint.slice(0, 80) : "the call", options, known, ALIASES);
  const { signal, retries, read } = options;
  need(
    signal === undefined || typeof (signal as { throwIfAborted?: unknown } | null)?.throwIfAborted === "function",
    `Invalid \`signal\`: expected an AbortSignal, such as AbortSignal.timeout(5000) or the \`signal\` of an AbortController, got ${described(signal)}.`,
  );
  checkRetries(retries);
  checkFlag("read", read);
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
