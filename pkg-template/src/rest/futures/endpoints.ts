import { type Endpoint, type Method, type TimeUnits, endpointOf, isThere } from "../endpoint.js";
import type { AnyOf, ClientParams, Mistake, Undecided, WidenedOrder } from "../mistake.js";
import { type FuturesAccountEndpoints, accountRecords } from "./endpoints/account.js";
import type { Resolution, TickType } from "./endpoints/common.js";
import { type FuturesHistoryEndpoints, historyRecords } from "./endpoints/history.js";
import { type FuturesMarketEndpoints, marketRecords } from "./endpoints/market.js";
import { type AcceptOfferParams, type FuturesRfqEndpoints, type OfferPrices, type PlaceOfferParams, rfqRecords } from "./endpoints/rfqs.js";
import {
  type BatchInstruction,
  type CancelledOrder,
  type EditedOrder,
  type FuturesOrderKind,
  type FuturesOrderParams,
  type FuturesTradingEndpoints,
  type OrderToEdit,
  type OrdersStatusParams,
  type ProcessBefore,
  type SendRequestParams,
  tradingRecords,
} from "./endpoints/trading.js";
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

/** A method and an endpoint: the name of its record, or the endpoint as it is called, such as `GET:tickers/PF_XBTUSD`. */
export type FuturesCall = keyof FuturesEndpoints | Filled<KeyWithPlaceholder>;

type KeyWithPlaceholder = keyof FuturesEndpoints & `${string}{${string}`;

/** The parameters of an endpoint, such as `FuturesParams<"POST:sendorder">`. */
export type FuturesParams<E extends FuturesCall> = FuturesParamsAt<E>;

/** The result of an endpoint, such as `FuturesResult<"POST:sendorder">`. */
export type FuturesResult<E extends FuturesCall> = FuturesResultAt<E>;

// With infer: without it, the compiler compares each name that a key may be with all endpoints.
/** The parameters of an endpoint that may be unknown, and then `never`. */
export type FuturesParamsAt<Full extends string> =
  FuturesKey<Full> extends infer Key extends keyof EndpointsAndMistakes ? EndpointsAndMistakes[Key]["params"] & ClientParams : never;

/** For an endpoint that places orders: its parameters with orders of which the compiler knows only text of their type. */
export type WidenedFuturesOrders<Full> = Full extends "POST:sendorder"
  ? WidenedOrder<FuturesParams<"POST:sendorder">, FuturesOrderKind, "orderType", FuturesOrderParams & SendRequestParams & ClientParams>
  : Full extends "POST:batchorder"
    ? ClientParams & {
        /** The instructions. */
        readonly batchOrder: readonly WidenedOrder<BatchInstruction, BatchInstruction, "order", FuturesOrderParams & SendRequestParams>[];
      }
    : never;

interface UndecidedCancelOrder<Why> extends Mistake<Why>, AnyOf<CancelledOrder>, ProcessBefore, ClientParams {}
interface UndecidedEditOrder<Why> extends Mistake<Why>, AnyOf<OrderToEdit>, EditedOrder, ProcessBefore, ClientParams {}
interface UndecidedOrdersStatus<Why> extends Mistake<Why>, AnyOf<OrdersStatusParams>, ClientParams {}
interface UndecidedPlaceOffer<Why> extends Mistake<Why>, OfferPrices, ClientParams {}
interface UndecidedAcceptOffer<Why> extends Mistake<Why>, AnyOf<AcceptOfferParams>, ClientParams {}

/** For an endpoint that takes one of several parameters: what the compiler shows if there is none of them, or two that exclude each other. */
export type FuturesUndecided<Full> = Full extends "POST:cancelorder"
  ? Undecided<UndecidedCancelOrder<"Pass either `order_id` or `cliOrdId`">, CancelledOrder>
  : Full extends "POST:editorder"
    ? Undecided<UndecidedEditOrder<"Pass `orderId` or `cliOrdId`">, OrderToEdit>
    : Full extends `POST:rfqs/open-rfqs/accept-offer/${string}`
      ? Undecided<UndecidedAcceptOffer<"Pass either `bidAccepted` or `askAccepted`">, AcceptOfferParams>
      : Full extends `POST:rfqs/place-offer/${infer Id}`
        ? Id extends ""
          ? Undecided<UndecidedPlaceOffer<"The path ends before the id of the request">, PlaceOfferParams>
          : Undecided<UndecidedPlaceOffer<"Pass `bid` or `ask`, or `bidSide` or `askSide`">, PlaceOfferParams>
        : Full extends "POST:orders/status"
          ? Undecided<UndecidedOrdersStatus<"Pass `orderIds` or `cliOrdIds`">, OrdersStatusParams>
          : never;

/** The result of an endpoint that may be unknown, and then `never`. */
export type FuturesResultAt<Full extends string> =
  FuturesKey<Full> extends infer Key extends keyof EndpointsAndMistakes ? EndpointsAndMistakes[Key]["result"] : never;

/** The records of the known endpoints. Every GET is a read. Besides its proof, an answer under `/derivatives` needs `"result":"success"`. */
export const futuresEndpoints: { readonly [Name in keyof FuturesEndpoints]: Endpoint } = /* @__PURE__ */ (() => ({
  ...marketRecords,
  ...accountRecords,
  ...tradingRecords,
  ...rfqRecords,
  ...historyRecords,
  ...transferRecords,
}))();

/** The units of parameters that are times, for every endpoint whose record has none of its own, and for unknown endpoints. */
export const futuresTimes: TimeUnits = {
  lastTime: "text",
  lastFillTime: "text",
  lastTransferTime: "text",
  processBefore: "deadline",
  expiry: "text",
  timeout: "timer",
};

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

/** A path with a mistake in place of a part of it: the compiler shows the sentence. */
interface MistakenPath<Why> {
  /** The parameters, which show the sentence. */
  params: Mistake<Why>;
  /** The result, which shows the sentence. */
  result: Mistake<Why>;
}

/** The endpoints, and under names of their own the mistakes in paths, which templates cannot exclude: text may be empty, and may have slashes. */
interface EndpointsAndMistakes extends FuturesEndpoints {
  /** A path in which text is empty, or has a slash. */
  part: MistakenPath<"A part of this path is empty, or there is one too many">;
  /** A path with a length of candles that Kraken does not have. */
  resolution: MistakenPath<"A candle takes 1m, 5m, 15m, 30m, 1h, 4h, 12h, 1d or 1w. For a new one, write get<Answer>(path as string)">;
}

/** A record's name, if the text in place of its placeholder is one part of a path. */
type WithPart<Part extends string, Name extends keyof FuturesEndpoints> = Part extends "" | `${string}/${string}` ? "part" : Name;

/** The record's name of an endpoint with placeholders, as it is called. The first that fits counts. */
type TemplateOf<Name extends string> = Name extends `GET:tickers/${infer Part}`
  ? WithPart<Part, "GET:tickers/{symbol}">
  : Name extends `GET:instruments/${infer Part}/status`
    ? WithPart<Part, "GET:instruments/{symbol}/status">
    : Name extends `GET:subaccount/${infer Part}/trading-enabled`
      ? WithPart<Part, "GET:subaccount/{subaccountUid}/trading-enabled">
      : Name extends `PUT:subaccount/${infer Part}/trading-enabled`
        ? WithPart<Part, "PUT:subaccount/{subaccountUid}/trading-enabled">
        : Name extends `POST:rfqs/open-rfqs/accept-offer/${infer Part}`
          ? WithPart<Part, "POST:rfqs/open-rfqs/accept-offer/{rfqUid}">
          : Name extends `POST:rfqs/place-offer/${infer Part}`
            ? WithPart<Part, "POST:rfqs/place-offer/{rfqUid}">
            : Name extends `DELETE:rfqs/open-rfqs/${infer Part}`
              ? WithPart<Part, "DELETE:rfqs/open-rfqs/{rfqUid}">
              : Name extends `DELETE:rfqs/cancel-offer/${infer Part}`
                ? WithPart<Part, "DELETE:rfqs/cancel-offer/{rfqUid}">
                : Name extends `GET:rfqs/${infer Part}`
                  ? WithPart<Part, "GET:rfqs/{rfqUid}">
                  : Name extends `GET:/api/${infer Path}`
                    ? ApiTemplateOf<Path>
                    : never;

type ApiTemplateOf<Path extends string> = Path extends `charts/v1/analytics/${infer Part}/${infer Kind}`
  ? WithPart<Kind, "GET:/api/charts/v1/analytics/{symbol}/{analytics_type}"> | WithPart<Part, never>
  : Path extends `charts/v1/${TickType}/${infer Part}`
    ? Part extends `${infer Symbol}/${infer Length}`
      ? Length extends Resolution
        ? WithPart<Symbol, "GET:/api/charts/v1/{tick_type}/{symbol}/{resolution}">
        : string extends Length
          ? WithPart<Symbol, "GET:/api/charts/v1/{tick_type}/{symbol}/{resolution}">
          : "resolution"
      : WithPart<Part, "GET:/api/charts/v1/{tick_type}/{symbol}">
    : Path extends `charts/v1/${TickType}`
      ? "GET:/api/charts/v1/{tick_type}"
      : Path extends `history/${infer Version extends "v2" | "v3"}/market/${infer Part}/${infer Kind extends "executions" | "orders" | "price"}`
        ? WithPart<Part, `GET:/api/history/${Version}/market/{tradeable}/${Kind}`>
        : never;

/** The record's name of an endpoint, as it is called. `never` for an unknown endpoint. */
export type FuturesKey<Full extends string> = Full extends keyof FuturesEndpoints ? Full : TemplateOf<Full>;

/** A name as it is called, with text in place of its placeholders. */
type Filled<Name extends string> = Name extends `${infer Before}{${infer Placeholder}}${infer After}`
  ? `${Before}${Placeholder extends "tick_type" ? TickType : string}${Filled<After>}`
  : Name;

// Intersections with templates in place of conditional types, because the compiler instantiates nothing for them. Mapped types, because it makes
// their members once, and the parts of a conditional type again for each union.

/** For each method, the endpoints that are called with it. */
interface Keys {
  /** Those that are called with GET. */
  GET: keyof FuturesEndpoints & `GET:${string}`;
  /** Those that are called with POST. */
  POST: keyof FuturesEndpoints & `POST:${string}`;
  /** Those that are called with PUT. */
  PUT: keyof FuturesEndpoints & `PUT:${string}`;
  /** Those that are called with DELETE. */
  DELETE: keyof FuturesEndpoints & `DELETE:${string}`;
}

/** For each endpoint, its name as it is called. */
type NameOf = { [Key in keyof FuturesEndpoints]: Key extends `${string}:${infer Name}` ? Filled<Name> : never };

/** For each endpoint that can be called without parameters, its name as it is called. */
type NameAloneOf = { [Key in keyof FuturesEndpoints]: {} extends FuturesEndpoints[Key]["params"] ? NameOf[Key] : never };

// Aliases, so that the compiler's messages have their names and not all endpoints.
type GetName = NameOf[Keys["GET"]];
type PostName = NameOf[Keys["POST"]];
type PutName = NameOf[Keys["PUT"]];
type DeleteName = NameOf[Keys["DELETE"]];
type GetNameWithoutParams = NameAloneOf[Keys["GET"]];
type PostNameWithoutParams = NameAloneOf[Keys["POST"]];
type PutNameWithoutParams = NameAloneOf[Keys["PUT"]];
type DeleteNameWithoutParams = NameAloneOf[Keys["DELETE"]];

interface Names {
  /** The endpoints that are called with GET. */
  GET: GetName;
  /** The endpoints that are called with POST. */
  POST: PostName;
  /** The endpoints that are called with PUT. */
  PUT: PutName;
  /** The endpoints that are called with DELETE. */
  DELETE: DeleteName;
}

interface NamesWithoutParams {
  /** The endpoints that are called with GET. */
  GET: GetNameWithoutParams;
  /** The endpoints that are called with POST. */
  POST: PostNameWithoutParams;
  /** The endpoints that are called with PUT. */
  PUT: PutNameWithoutParams;
  /** The endpoints that are called with DELETE. */
  DELETE: DeleteNameWithoutParams;
}

/** A method of the Futures API. */
export type FuturesMethod = keyof Names;

/** The known endpoints of a method, as they are called. */
export type FuturesName<M extends FuturesMethod> = Names[M];

/** The names of endpoints that can be called without parameters. */
export type FuturesNameWithoutParams<M extends FuturesMethod> = NamesWithoutParams[M];

/** The name of an endpoint for a method: a known one, or any other text. */
export type FuturesEndpoint<M extends FuturesMethod> = FuturesName<M> | (string & {});
