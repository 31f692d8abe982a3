import { described, checkNames } from "../checks.js";
import { type ErrorKind, need } from "../errors.js";

/** The facts about a call that each event of it has. Nothing in an event is secret. */
export interface CallEvent {
  /** The number of the call, from 1. All events of a call have the same number, and no other call of the client has it. */
  readonly call: number;
  /** The endpoint, as errors name it, such as `AddOrder` or `sendorder`. */
  readonly endpoint: string;
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  /** Whether the call changes something. */
  readonly write: boolean;
  /** The last four characters of the API key; none for a public endpoint. */
  readonly keyEnding?: string | undefined;
  /** The nonce; none for a public endpoint, or if the attempt ended before it got one. */
  readonly nonce?: string | undefined;
  /** Milliseconds from the beginning of the attempt until its request was sent, or until the attempt failed: the time in the queue and for the code. */
  readonly queued: number;
  /** Milliseconds that the request has been on its way, until its answer was read completely or it failed; 0 before it is sent. */
  readonly duration: number;
}

/** The facts about an answer, or about its absence. */
export interface AnswerFacts {
  /** The HTTP status; none if there was no answer. */
  readonly status?: number | undefined;
  /** Kraken's error strings; empty if there were none. */
  readonly errors: readonly string[];
  /** The kind of Kraken's error strings, if there were any. */
  readonly kind?: ErrorKind | undefined;
}

/** A request was given to `fetch`. */
export type RequestEvent = CallEvent;

/** An answer was read. */
export interface ResponseEvent extends CallEvent, AnswerFacts {
  /** The outcome that the answer proves. */
  readonly outcome: "done" | "rejected" | "unknown";
}

/** An attempt failed, and another one follows. */
export interface RetryEvent extends CallEvent, AnswerFacts {
  /** Milliseconds until the next attempt. */
  readonly pause: number;
}

/** A call ended with an error. */
export interface ErrorEvent extends CallEvent, AnswerFacts {
  /** The error that the call rejects with: one of this package's, or the reason with which the caller's signal was aborted. It is the same object: do not change it. */
  readonly error: unknown;
}

/** A key was set aside: for a while, the client uses another key in its place. */
export interface KeySetAsideEvent {
  /** The last four characters of the API key. */
  readonly keyEnding: string;
  /** The kind of the rejection. After `permission`, the key is set aside only for calls with the same required permissions as this endpoint. */
  readonly kind: ErrorKind;
  /** Kraken's error strings; at least one. */
  readonly errors: readonly string[];
  /** The endpoint of the call that Kraken rejected. */
  readonly endpoint: string;
  /** The time until which the key is set aside, by the clock of this machine. */
  readonly until: Date;
}

/**
 * Functions that a client calls as its calls go along, for logs, metrics and traces. They observe: a hook that throws, or returns a promise that
 * rejects or never settles, changes nothing, and its error is dropped. A hook that blocks the event loop blocks it, as any code does.
 *
 * A call has one `onRequest` for each request and an `onResponse` for each answer, an `onRetry` before each further attempt, and an `onError` if
 * it ends with an error. Parameters that are refused before a call begins cause no event. `sign` and `signSync` cause none either.
 *
 * @example
 * ```ts
 * const client = new SpotClient({
 *   key,
 *   secret,
 *   hooks: {
 *     onResponse: ({ endpoint, duration, status }) => console.log(`${endpoint}: ${status} after ${duration} ms`),
 *     onError: ({ endpoint, nonce, error }) => console.error(`${endpoint} with nonce ${nonce} failed:`, error),
 *   },
 * });
 * ```
 */
export interface Hooks {
  /** Called when a request was given to `fetch`; none by default. */
  onRequest?(event: RequestEvent): void;
  /** Called when an answer was read, whatever it proves; none by default. */
  onResponse?(event: ResponseEvent): void;
  /** Called when an attempt failed and another one will follow; none by default. */
  onRetry?(event: RetryEvent): void;
  /** Called when a call ends with an error, before the call rejects; none by default. */
  onError?(event: ErrorEvent): void;
  /** Called when a key is set aside, so that another one makes the next calls; none by default. */
  onKeySetAside?(event: KeySetAsideEvent): void;
}

const HOOKS = ["onRequest", "onResponse", "onRetry", "onError", "onKeySetAside"] as const;

/** Checks the option `hooks`. */
export function checkHooks(hooks: Hooks | undefined): void {
  checkNames("hooks", hooks, HOOKS);
  for (const name of HOOKS) {
    const hook: unknown = hooks?.[name];
    need(hook === undefined || typeof hook === "function", `Invalid \`hooks.${name}\`: expected a function, got ${described(hook)}.`);
  }
}

/** For each hook, its event. */
interface Events {
  onRequest: RequestEvent;
  onResponse: ResponseEvent;
  onRetry: RetryEvent;
  onError: ErrorEvent;
  onKeySetAside: KeySetAsideEvent;
}

/** Calls a hook, and drops what it throws or rejects with. */
export function observe<Name extends keyof Events>(hooks: Hooks, name: Name, event: Events[Name]): void {
  try {
    const returned: unknown = (hooks[name] as ((event: unknown) => unknown) | undefined)?.call(hooks, event);
    if (Object(returned) === returned) Promise.resolve(returned).catch(() => {});
  } catch {
    // The call goes on as if there were no hook.
  }
}
