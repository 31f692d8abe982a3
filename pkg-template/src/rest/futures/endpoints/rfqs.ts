/**
 * Requests for quotes, on the demo exchange only. Sources: docs.kraken.com, Derivatives REST, November 2026, with Kraken's own OpenAPI files
 * (github.com/krakenfx/api-specs); answers also from gocryptotrader. Where they disagree, the type is the wider one. (Until 2025 the paths were
 * others.)
 */
import { type Endpoint, type Proof, isText, isThere, property, withText } from "../../endpoint.js";
import { type DecimalParam, type Known, type NoParams, type Success, type TimestampParam, get, open, write } from "./common.js";

/** Kraken spells it `offerUId`, and its documentation `offerUid`. */
const offered: Proof = (result) => (isText(property(result, "offerUId") ?? property(result, "offerUid")) ? "done" : "unknown");

const requests = { shownBy: ["rfqs/open-rfqs"] } as const;
const offers = { shownBy: ["rfqs/open-offers", "rfqs/closed-offers"] } as const;

export const rfqRecords = /* @__PURE__ */ (() =>
  ({
    "GET:rfqs": open,
    "GET:rfqs/{rfqUid}": open,
    "GET:rfqs/open-rfqs": get,
    "GET:rfqs/open-offers": get,
    "GET:rfqs/closed-offers": get,
    "POST:rfqs/open-rfqs": write("full", withText("rfqUid"), "POST", { ...requests, json: true }),
    "POST:rfqs/open-rfqs/accept-offer/{rfqUid}": write("full", withText("rfqUid"), "POST", requests),
    "DELETE:rfqs/open-rfqs/{rfqUid}": write("full", withText("rfqUid"), "DELETE", requests),
    "POST:rfqs/place-offer/{rfqUid}": write("full", offered, "POST", offers),
    "DELETE:rfqs/cancel-offer/{rfqUid}": write("full", isThere, "DELETE", offers),
  }) as const satisfies { [Name in keyof FuturesRfqEndpoints]: Endpoint })();

export interface FuturesRfqEndpoints {
  /** Requests for quotes, of everybody. */
  "GET:rfqs": { params: NoParams; result: Success & { rfqs: Rfq[] } };
  "GET:rfqs/{rfqUid}": { params: NoParams; result: Success & { rfq: Rfq } };
  /** The account's own. */
  "GET:rfqs/open-rfqs": { params: NoParams; result: Success & { rfqs: OwnRfq[] } };
  /** The account's offers on open requests. */
  "GET:rfqs/open-offers": { params: NoParams; result: Success & { offers?: RfqOffer[]; openOffers?: RfqOffer[] } };
  /** The account's offers on requests that are closed. */
  "GET:rfqs/closed-offers": { params: NoParams; result: Success & { offers: RfqOffer[] } };
  /** Asks for quotes. The client writes `json` from what is given. */
  "POST:rfqs/open-rfqs": { params: CreateRfqParams; result: Success & { rfqUid: string } };
  "POST:rfqs/open-rfqs/accept-offer/{rfqUid}": { params: AcceptOfferParams; result: Success & { rfqUid: string } };
  "DELETE:rfqs/open-rfqs/{rfqUid}": { params: NoParams; result: Success & { rfqUid: string } };
  "POST:rfqs/place-offer/{rfqUid}": { params: PlaceOfferParams; result: Success & { offerUId?: string; offerUid?: string } };
  "DELETE:rfqs/cancel-offer/{rfqUid}": { params: { readonly offerUid?: string | undefined }; result: Success };
}

/** A request for quotes. Its id is `uid`; `rfqUid` in an older documentation. */
export interface Rfq {
  /** Its id. */
  uid?: string;
  /** The id of the request for quotes. */
  rfqUid?: string;
  /** RFC 3339. */
  expiry: string;
  /** The price that positions are valued at. */
  markPrice: number;
  /** Negative sizes are short. */
  legs: { symbol: string; size: number; markPrice: number; bestBid?: number | null; bestAsk?: number | null }[];
  /** How far it is. */
  status?: Known<"open" | "expired" | "cancelled" | "filled_bid_side" | "filled_ask_side">;
}

export interface OwnRfq extends Rfq {
  /** The best bid so far. */
  bestBid?: number | null;
  /** The best ask so far. */
  bestAsk?: number | null;
  /** A price for each leg. */
  bidSide?: RfqLegPrice[] | null;
  /** A price for each leg. */
  askSide?: RfqLegPrice[] | null;
}

export interface RfqLegPrice {
  /** The symbol. */
  tradeable: string;
  /** For each unit. */
  price: number;
}

/** Times are RFC 3339. Prices of the whole, or of each leg. */
export interface RfqOffer {
  /** Its id. */
  uid: string;
  /** The id of the request for quotes. */
  rfqUid: string;
  /** When it was placed. */
  placementDate: string;
  /** When it was changed last. */
  lastUpdateDate: string;
  /** The best bid. */
  bid?: string | number | null;
  /** The best ask. */
  ask?: string | number | null;
  /** A price for each leg. */
  bidSide?: RfqLegPrice[] | null;
  /** A price for each leg. */
  askSide?: RfqLegPrice[] | null;
  /** How far it is. */
  status?: string;
}

export interface CreateRfqParams {
  /** Up to 100; negative sizes are short. */
  readonly legs: readonly { readonly tradeable: string; readonly size: DecimalParam }[];
  /** Until when offers are taken. */
  readonly expiry?: TimestampParam | undefined;
}

/** The price that is accepted. */
export type AcceptOfferParams =
  | { readonly bidAccepted: DecimalParam | boolean; readonly askAccepted?: undefined }
  | { readonly askAccepted: DecimalParam | boolean; readonly bidAccepted?: undefined };

/** A price, or two, of the whole; or of each leg. */
export interface PlaceOfferParams {
  /** The best bid. */
  readonly bid?: DecimalParam | undefined;
  /** The best ask. */
  readonly ask?: DecimalParam | undefined;
  /** A price for each leg. */
  readonly bidSide?: readonly { readonly tradeable: string; readonly price: DecimalParam }[] | undefined;
  /** A price for each leg. */
  readonly askSide?: readonly { readonly tradeable: string; readonly price: DecimalParam }[] | undefined;
}
