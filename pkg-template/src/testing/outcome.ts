/** The outcome of one request, and the parts of the APIs that determine it. */

import type { KeyRecord, Product } from "./keys.js";
import type { Params } from "./parameters/received.js";
import type { ExchangeAnswer, ExchangeRequest } from "./http/wire.js";

/** Thrown by a failed check: the call is not executed, and the answer contains these errors. */
export class Rejection extends Error {
  readonly errors: readonly string[];
  constructor(...errors: string[]) {
    super(errors.join(", "));
    this.errors = errors;
  }
}

export interface Outcome {
  readonly answer: ExchangeAnswer;
  readonly key?: KeyRecord | undefined;
  readonly nonce?: string | undefined;
  readonly params: Params;
  /** Empty if the call was executed. */
  readonly errors: readonly string[];
  readonly execution?: { readonly did: string; readonly write: boolean; readonly result: unknown };
}

/** A request that has been checked but not executed yet. */
export interface Admission {
  /** False if a check rejected it. */
  readonly admitted: boolean;
  /** Executes the request synchronously, at the current time of the exchange's clock. */
  finish(): Outcome;
}

/** One of the APIs at the same address. */
export interface Api {
  readonly product: Product;
  /** The names of its endpoints, as {@link endpoint} returns them. Braces stand for a part of the path. */
  readonly endpoints: readonly string[];
  /** Returns whether the raw request target `path` belongs to this API. */
  serves(path: string): boolean;
  /** Returns the endpoint's name, as clients write it. */
  endpoint(path: string): string;
  /**
   * Makes all checks that come before the trading engine: key, signature, nonce, rate and permission.
   * @param arrivedAt - the time of arrival by the exchange's clock, in milliseconds since 1970
   */
  admit(request: ExchangeRequest, arrivedAt: number): Admission | Promise<Admission>;
  /** Makes an answer in this API's form for errors. */
  failure(errors: readonly string[], path: string): ExchangeAnswer;
}

export function splitTarget(path: string): { pathname: string; query: string } {
  const at = path.indexOf("?");
  return at < 0 ? { pathname: path, query: "" } : { pathname: path.slice(0, at), query: path.slice(at + 1) };
}

const U64_MAX = 2n ** 64n - 1n;

/** Parses a nonce, which is an unsigned 64-bit integer in decimal. Returns `undefined` for anything else. */
export function parseNonce(text: string | null | undefined): bigint | undefined {
  if (typeof text !== "string" || !/^\d{1,20}$/.test(text)) return undefined;
  const nonce = BigInt(text);
  return nonce <= U64_MAX ? nonce : undefined;
}
