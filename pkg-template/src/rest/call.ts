import { checkFlag, checkNames, checkRetries } from "../checks.js";
import { need } from "../errors.js";
import type { SentOrder } from "./sent-order.js";
import type { Endpoint, Structure, Weight } from "./endpoint.js";
import type { SignedRequest } from "./http/exchange.js";
import type { KeyHandle } from "../wasm/key-handle.js";
import type { Answer, Outcome } from "./answer/outcome.js";

/** Options of one call. */
export interface CallOptions {
  /** Ends the call; none by default. If the call was sent and changes something, its outcome is then unknown. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole call, including waits and retries; by default, the client's `timeout`. */
  readonly timeout?: number | undefined;
  /** How often the call is retried if it changes nothing; by default, the client's `retries`. */
  readonly retries?: number | undefined;
  /** The API key to use, if the client has several; by default, the client chooses: see `keys` of the client's options. */
  readonly key?: string | undefined;
  /**
   * Milliseconds from sending until the exchange does not accept the order anymore, from 2,500 to 60,000 (Kraken requires that 2,000 are left when
   * the order arrives). The client sends it as the parameter `deadline` (AddOrder, AddOrderBatch, EditOrder, AmendOrder) or `processBefore` (Futures),
   * unless you pass that parameter. None by default.
   */
  readonly deadline?: number | undefined;
  /**
   * States what an endpoint that this version does not know does. `true`: it changes nothing, so it may be retried. `false`: it may change
   * something, and its name is not a typing error. By default, an unknown endpoint may change something, and a name that is nearly a known one is
   * refused.
   */
  readonly read?: boolean | undefined;
  /**
   * `true` states that an endpoint that this version does not know is public: it is called with GET, without key, signature and nonce, and may be
   * retried. By default, an unknown endpoint is private.
   */
  readonly public?: boolean | undefined;
}

/** The options of every call. */
export const CALL_OPTIONS = ["signal", "timeout", "retries", "key", "deadline", "read", "public"] as const;

const ALIASES = { apikey: "key", abort: "signal", abortsignal: "signal", timeoutms: "timeout", maxretries: "retries" };

/** Checks the options of a call. This comes before the check of its parameters. */
export function checkCallOptions(endpoint: unknown, options: CallOptions, known: readonly string[] = CALL_OPTIONS): void {
  checkNames(typeof endpoint === "string" ? endpoint.slice(0, 80) : "the call", options, known, ALIASES);
  const { retries, read, public: isPublic } = options;
  checkRetries(retries);
  checkFlag("read", read);
  checkFlag("public", isPublic);
  checkFlag("json", (options as { readonly json?: unknown }).json);
}

/** Refuses options of a call among its parameters. A timer has a parameter `timeout`, as its record says. A new endpoint may have any of them but a signal. */
export function checkNoOptions(known: Endpoint | undefined, params: Structure): void {
  const options = known ? /^(signal|timeout|retries)$/ : /^signal$/;
  const option = Object.keys(Object(params)).find(
    (name) => options.test(name) && params[name] !== undefined && !(name in (known?.times ?? {})),
  );
  need(!option, `Parameter \`${option}\`: this is an option of the call. Write call(endpoint, {}, { ${option} }).`);
}

/** Checks what the caller states about an endpoint against its record. */
export function checkStated(name: string, { read, public: isPublic }: CallOptions, known: Endpoint | undefined, write: boolean): void {
  need(!(read && known && write), `${name} changes something, so leave \`read: true\` out.`);
  need(!isPublic || !known || known.isPublic, `${name} is private: leave \`public\` out.`);
}

/** The key that signs a request. */
export interface SigningKey {
  readonly key: string;
  readonly secret: KeyHandle;
}

/** A call whose parameters have been read, ready to be signed. */
export interface PreparedCall {
  /** The endpoint, as errors name it. */
  readonly endpoint: string;
  /** Whether this version knows the endpoint. */
  readonly isKnown: boolean;
  /** The required permissions. */
  readonly permissions: string;
  /** Whether it changes something. Then it is never sent twice. */
  readonly write: boolean;
  /** The amounts that it adds to the counters of the rate limits; 1 on the call counter if there is none. */
  readonly weight?: Weight | undefined;
  /** Whether it takes neither key nor nonce. */
  readonly isPublic: boolean;
  /** Whether the answer is a file. */
  readonly file: boolean;
  /** The parameters. They were read from the caller's object once. */
  readonly params: Structure;
  /** The ids of the orders in it, if it changes something. */
  readonly order: SentOrder;
  /** Milliseconds from sending to the deadline, if the endpoint takes a deadline and the parameters have none. */
  readonly deadlineIn: number | undefined;
  /**
   * Makes the request. Its `url` is only a path, and it has only the headers that depend on the call. `deadline` is the end of `deadlineIn`, in RFC
   * 3339, or empty.
   */
  sign(key: SigningKey | undefined, nonce: string, otp: string, deadline: string): SignedRequest;
  /** Returns what an answer proves. */
  judge(answer: Answer): Outcome;
}
