// Places orders, and finds out what became of them if no answer says so.
import { UnknownOutcomeError } from "../errors.js";
import { placeOrder } from "../orders/place.js";
import { type OrderResolution, resolveOrder } from "../orders/resolve.js";
import type { Params } from "../rest/request/encode.js";
import { type Endpoint, isSet } from "../rest/endpoint.js";
import type { FuturesClient } from "../rest/futures/client.js";
import type { SpotClient } from "../rest/spot/client.js";

export type Client = SpotClient | FuturesClient;

/** The options of a call. */
export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole call. */
  readonly timeout?: number | undefined;
  readonly retries?: number;
}

/** Returns whether a call places an order, or several. An order that is only validated is not placed. */
export const placedBy = (record: Endpoint | undefined, params: Params): Endpoint["places"] =>
  record?.places === "order" && isSet(params.validate) ? undefined : record?.places;

/** Places an order, and finds out what became of it. */
export function place(client: Client, params: Params, json: boolean, options: SendOptions): Promise<unknown> {
  const caller =
    "call" in client && json
      ? {
          call: (endpoint: string, given?: Params, more?: object) => client.call<unknown>(endpoint, given, { ...more, json: true }),
          check: (more?: object) => client.check(more),
        }
      : client;
  // Parameters from the command line may have any name.
  return placeOrder(caller, params as never, options);
}

/** Makes a call that places several orders, and finds out what became of them if no answer says so. */
export async function placeSeveral(client: Client, send: () => Promise<unknown>, { signal, timeout }: SendOptions): Promise<unknown> {
  const start = performance.now();
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof UnknownOutcomeError)) throw error;
    const left = timeout === undefined ? undefined : Math.max(timeout - (performance.now() - start), 1);
    return conclusion(error, await resolveOrder(client, error, { signal, timeout: left }));
  }
}

function conclusion(error: UnknownOutcomeError, resolution: OrderResolution): unknown {
  if (resolution.outcome === "placed") return { found: true, orders: resolution.orders };
  // No order was placed, so only the reason why there was no answer is left to report.
  if (resolution.outcome === "not-placed") throw error.cause;
  error.reason = resolution.reason;
  throw error;
}
