import { KrakenError } from "../errors.js";

/**
 * A random UUID (version 4) for `cl_ord_id`, by which an order can be found again after an unknown outcome.
 * @throws {@link KrakenError} where the runtime has no random numbers: in Workers, outside of requests
 */
export function clientOrderId(): string {
  try {
    return crypto.randomUUID();
  } catch {
    throw new KrakenError("ERR_UNAVAILABLE", "There are no random numbers here; in Workers, only inside of requests.");
  }
}
