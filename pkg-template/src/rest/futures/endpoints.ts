import { type Endpoint, type Method, endpointOf, isThere } from "../endpoint.js";
import { type FuturesAccountEndpoints, accountRecords } from "./endpoints/account.js";
import type { Resolution, TickType } from "./endpoints/common.js";
import { type FuturesHistoryEndpoints, historyRecords } from "./endpoints/history.js";
import { type FuturesMarketEndpoints, marketRecords } from "./endpoints/market.js";
import { type FuturesRfqEndpoints, rfqRecords } from "./endpoints/rfqs.js";
import { type FuturesTradingEndpoints, tradingRecords } from "./endpoints/trading.js";
import { type FuturesTransferEndpoints, transferRecords } from "./endpoints/transfers.js";

/**
 * The known endpoints of Futures, with the parameters and the result of each. Their names are `<method>:<name>`, with the path below
 * `/derivatives/api/v3/`, or the whole path of an endpoint elsewhere. Parts in braces are placeholders.
 */
export interface FuturesEndpoints
  extends
    FuturesMarketEndpoints,
    FuturesAccountEndpoints,
    FuturesTradingEndpoints,
    FuturesRfqEndpoints,
    FuturesHistoryEndpoints,
    FuturesTransferEndpoints {}

/** The parameters of an endpoint, such as `FuturesParams<"POST:sendorder">`. */
export type FuturesParams<E extends keyof FuturesEndpoints> = FuturesEndpoints[E]["params"];

/** The result of an endpoint, such as `FuturesResult<"POST:sendorder">`. */
export type FuturesResult<E extends keyof FuturesEndpoints> = FuturesEndpoints[E]["result"];

/** The records of the known endpoints. Every GET is a read. Besides its proof, an answer under `/derivatives` needs `"result":"success"`. */
export const futuresEndpoints: { readonly [Name in keyof FuturesEndpoints]: Endpoint } = /* @__PURE__ */ (() => ({
  ...marketRecords,
  ...accountRecords,
  ...tradingRecords,
  ...rfqRecords,
  ...historyRecords,
  ...transferRecords,
}))();

/** The records whose names have placeholders, with a pattern for each, the longest first. */
const templates: readonly (readonly [name: string, pattern: RegExp])[] = /* @__PURE__ */ (() =>
  Object.keys(futuresEndpoints)
    .filter((name) => name.includes("{"))
    .sort((one, other) => other.length - one.length)
    .map((name) => [name, new RegExp(`^${name.replace(/\{\w+\}/g, "[^/]+")}$`)] as const))();

/** Returns the name of an endpoint by which its record is found: a whole path below `/derivatives/api/v3/` is that of the name alone. */
export const futuresNameOf = (given: string): string => given.replace(/^\/derivatives\/api\/v3\//, "");

/** Returns the record of an endpoint, if it is known. */
export function futuresEndpointOf(method: string, name: string): Endpoint | undefined {
  const full = `${method}:${futuresNameOf(name)}`;
  return endpointOf(futuresEndpoints, full) ?? endpointOf(futuresEndpoints, templates.find(([, pattern]) => pattern.test(full))?.[0] ?? "");
}

/** Returns the record for an endpoint that is not in the table. */
export const unknownFutures = (method: Method): Endpoint => ({ method, permissions: "", write: method !== "GET", proof: isThere });

/** Returns whether an answer has to say `"result":"success"`. */
export const saysResult = (path: string): boolean => path.startsWith("/derivatives");

/** The record's name of an endpoint with placeholders, as it is called. The first that fits counts. */
type TemplateOf<Name extends string> = Name extends `GET:tickers/${string}`
  ? "GET:tickers/{symbol}"
  : Name extends `GET:instruments/${string}/status`
    ? "GET:instruments/{symbol}/status"
    : Name extends `GET:subaccount/${string}/trading-enabled`
      ? "GET:subaccount/{subaccountUid}/trading-enabled"
      : Name extends `PUT:subaccount/${string}/trading-enabled`
        ? "PUT:subaccount/{subaccountUid}/trading-enabled"
        : Name extends `POST:rfqs/open-rfqs/accept-offer/${string}`
          ? "POST:rfqs/open-rfqs/accept-offer/{rfqUid}"
          : Name extends `POST:rfqs/place-offer/${string}`
            ? "POST:rfqs/place-offer/{rfqUid}"
            : Name extends `DELETE:rfqs/open-rfqs/${string}`
              ? "DELETE:rfqs/open-rfqs/{rfqUid}"
              : Name extends `DELETE:rfqs/cancel-offer/${string}`
                ? "DELETE:rfqs/cancel-offer/{rfqUid}"
                : Name extends `GET:rfqs/${string}`
                  ? "GET:rfqs/{rfqUid}"
                  : Name extends `GET:/api/${infer Path}`
                    ? ApiTemplateOf<Path>
                    : never;

type ApiTemplateOf<Path extends string> = Path extends `charts/v1/analytics/${string}/${string}`
  ? "GET:/api/charts/v1/analytics/{symbol}/{analytics_type}"
  : Path extends `charts/v1/${TickType}/${string}/${Resolution}`
    ? "GET:/api/charts/v1/{tick_type}/{symbol}/{resolution}"
    : Path extends `charts/v1/${TickType}/${string}`
      ? "GET:/api/charts/v1/{tick_type}/{symbol}"
      : Path extends `charts/v1/${TickType}`
        ? "GET:/api/charts/v1/{tick_type}"
        : Path extends `history/${infer Version extends "v2" | "v3"}/market/${string}/${infer Kind extends "executions" | "orders" | "price"}`
          ? `GET:/api/history/${Version}/market/{tradeable}/${Kind}`
          : never;

/** The record's name of an endpoint, as it is called. `never` for an unknown endpoint. */
export type FuturesKey<M extends string, Name extends string> = `${M}:${Name}` extends infer Full extends string
  ? Full extends keyof FuturesEndpoints
    ? Full
    : TemplateOf<Full>
  : never;

/** A name as it is called, with any text in place of its placeholders. */
type Filled<Name extends string> = Name extends `${infer Before}{${string}}${infer After}` ? `${Before}${string}${Filled<After>}` : Name;

/** The known endpoints of a method, as they are called. */
export type FuturesName<M extends string> = keyof FuturesEndpoints extends infer Key
  ? Key extends `${M}:${infer Name}`
    ? Filled<Name>
    : never
  : never;

/** The name of an endpoint for a method: a known one, or any other text. */
export type FuturesEndpoint<M extends string> = FuturesName<M> | (string & {});
