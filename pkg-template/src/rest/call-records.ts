import { UnknownOutcomeError } from "../errors.js";
import { type Attempt, knownBehind } from "./attempt.js";
import type { PreparedCall } from "./call.js";
import { reasonOf } from "./call-reason.js";
import type { LoadedCredential } from "./credentials.js";
import { endingOf } from "./key-pair.js";
import { type Destination, type SentCall, beginCall, claimOrders, endCall, placedIds, rememberSent } from "./sent-calls.js";

/** Remembers the calls that a client sends, and makes the errors of those without a result. */
export class CallRecords {
  /** Where the orders are placed, as far as it is known. */
  readonly #destination: Destination;
  readonly #product: "spot" | "futures";

  constructor(destination: Destination, product: "spot" | "futures") {
    this.#destination = destination;
    this.#product = product;
  }

  /** Remembers a request that the caller sends. It may place an order from now on, and its answer is not seen here. */
  rememberSigned(call: PreparedCall, credential: LoadedCredential | undefined): void {
    if (call.write) beginCall(this.recordOf(call, credential));
  }

  /** Returns a call as it is remembered from now on, when it is sent. */
  recordOf({ endpoint, params }: PreparedCall, credential: LoadedCredential | undefined): SentCall {
    return {
      key: credential?.key,
      destination: this.#destination,
      endpoint,
      params,
      sentAt: Date.now(),
      sentUptime: performance.now(),
      clockBehind: credential && knownBehind(credential),
    };
  }

  /** Counts a call as settled, and claims the orders in its result, so that a later search does not take them for another call's. */
  conclude(call: PreparedCall, { record }: Attempt, result: unknown): void {
    if (!call.write) return;
    endCall(record);
    claimOrders(placedIds(result, call.params), this.#destination);
  }

  /** Returns the error of a call without a result. */
  errorOf(call: PreparedCall, attempt: Attempt): unknown {
    const error = reasonOf(call, attempt, this.#product);
    const { nonce, credential, record, outcome } = attempt;
    if (!call.write || !attempt.sent || outcome?.outcome === "rejected") {
      this.conclude(call, attempt, outcome?.outcome === "rejected" ? outcome.result : undefined);
      return error;
    }
    const { endpoint, order } = call;
    const deadline = attempt.deadline || order.deadline;
    const unknown = new UnknownOutcomeError(endpoint, {
      ...order,
      orderIds: [...(order.orderIds ?? []), ...placedIds(outcome?.result, call.params)],
      deadline,
      nonce,
      keyEnding: credential && endingOf(credential.key),
      cause: error,
    });
    rememberSent(unknown, record!);
    return unknown;
  }
}
