import { KrakenError } from "../errors.js";

/**
 * Returns a random UUID (version 4) for `cl_ord_id` or `cliOrdId`, by which an order can be found after an unknown outcome.
 *
 * @throws KrakenError with code `ERR_UNAVAILABLE` if the runtime has no random numbers: in Workers, outside of requests
 *
 * @example
 * ```ts
 * const order = { pair: "XBTUSD", type: "buy", ordertype: "limit", price: "50000", volume: "0.01", cl_ord_id: clientOrderId() } as const;
 * ```
 */
export function clientOrderId(): string {
  try {
    return crypto.randomUUID();
  } catch {
    throw new KrakenError(
      "ERR_UNAVAILABLE",
      "There are no random numbers here. In Workers, they exist only inside a request. Or pass an id of your own.",
    );
  }
}

const RANDOM_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Whether an id is a random UUID, which no other order has. */
export const isRandomId = (id: string): boolean => RANDOM_ID.test(id);
