/** What the handling of one request came to. */

import type { KeyRecord, Product } from "./keys.js";
import type { Params } from "./parameters/received.js";
import type { ExchangeAnswer, ExchangeRequest } from "./http/wire.js";

/** Thrown by any check: the call is not executed, and these are the errors of the answer. */
export class Refusal extends Error {
  readonly errors: readonly string[];
  constructor(...errors: string[]) {
    super(errors.join(", "));
    this.errors = errors;
  }
}

export interface Outcome {
  readonly answer: ExchangeAnswer;
  readonly key?: KeyRecord;
  readonly nonce?: string;
  readonly params: Params;
  /** Empty when the call was executed. */
  readonly errors: readonly string[];
  readonly execution?: { readonly did: string; readonly write: boolean; readonly result: unknown };
}

/** A request that has been checked, and not carried out yet. */
export interface Admission {
  /** False when the checks have refused it. */
  readonly admitted: boolean;
  /** Carries it out, synchronously, at the time of the exchange's clock. */
  finish(): Outcome;
}

/** One of the APIs behind the same address. */
export interface Api {
  readonly product: Product;
  /** Whether this API answers for the raw request target `path`. */
  serves(path: string): boolean;
  /** The endpoint's name, as clients call it. */
  endpoint(path: string): string;
  /**
   * Everything that is checked before the trading engine: key, signature, nonce, rate, permission.
   * @param arrivedAt - on the exchange's clock, in milliseconds since 1970
   */
  admit(request: ExchangeRequest, arrivedAt: number): Promise<Admission>;
  /** An answer in this API's own shape for errors. */
  failure(errors: readonly string[], path: string): ExchangeAnswer;
}

export function splitTarget(path: string): { pathname: string; query: string } {
  const mark = path.indexOf("?");
  return mark < 0 ? { pathname: path, query: "" } : { pathname: path.slice(0, mark), query: path.slice(mark + 1) };
}

const U64_MAX = 2n ** 64n - 1n;

/** A nonce is an unsigned 64-bit integer in decimal; anything else is none. */
export function parseNonce(text: string | null | undefined): bigint | undefined {
  if (typeof text !== "string" || !/^\d{1,20}$/.test(text)) return undefined;
  const nonce = BigInt(text);
  return nonce <= U64_MAX ? nonce : undefined;
}
