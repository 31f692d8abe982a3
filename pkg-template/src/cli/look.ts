// Says where to look if it is unknown whether a call was carried out.
import type { UnknownOutcomeError } from "../errors.js";
import { type Endpoint, endpointOf } from "../rest/endpoint.js";
import { futuresEndpointOf } from "../rest/futures/endpoints.js";
import { type SpotEndpoints, type SpotParams, spotEndpoints } from "../rest/spot/endpoints.js";
import { quoted } from "./shell.js";

/** Returns the record of an endpoint that changes something. */
function recordOf(endpoint: string, futures: boolean): Endpoint | undefined {
  if (!futures) return endpointOf(spotEndpoints, endpoint);
  return (["POST", "PUT", "DELETE"] as const).map((method) => futuresEndpointOf(method, endpoint)).find((record) => record?.write);
}

/** The endpoints of Spot that find orders by a client order id or `userref`: those that take both, except the one that places orders. */
type FoundById = Exclude<
  { [E in keyof SpotEndpoints]: "cl_ord_id" | "userref" extends keyof SpotParams<E> ? E : never }[keyof SpotEndpoints],
  "AddOrder"
>;

/** Their names. The compiler compares them with the parameters of the endpoints. */
const BY_ID: Readonly<Record<FoundById, true>> = { OpenOrders: true, ClosedOrders: true, QueryOrders: true };

/** Returns the filters that find the orders of a call, one for each request that this takes. */
function filtersOf({ clientOrderId, clientOrderIds = [], userref }: UnknownOutcomeError): string[] {
  const ids = [...(clientOrderId === undefined ? [] : [clientOrderId]), ...clientOrderIds];
  if (ids.length) return ids.map((id) => ` ${quoted(`cl_ord_id=${id}`)}`);
  return [userref === undefined ? "" : ` ${quoted(`userref=${userref}`)}`];
}

/** Returns the command lines that show whether a call was carried out. */
export function whereToLook(error: UnknownOutcomeError, futures: boolean): string[] {
  if (error.orderIds && !futures) return [`kraken-signer call QueryOrders ${quoted(`txid=${error.orderIds.join()}`)}`];
  const names = recordOf(error.endpoint, futures)?.shownBy ?? [futures ? "/api/history/v2/account-log" : "Ledgers"];
  return names.flatMap((name) => {
    const filters = !futures && Object.hasOwn(BY_ID, name) ? filtersOf(error) : [""];
    return filters.map((filter) => `kraken-signer call ${name}${futures ? " --futures" : ""}${filter}`);
  });
}
