/**
 * The endpoints for requests for quotes, on the demo exchange only. Sources: docs.kraken.com, Derivatives REST, November 2026, with Kraken's own
 * OpenAPI files (github.com/krakenfx/api-specs). Answers are also from gocryptotrader. If sources disagree, the type is the wider one. The paths
 * were different until 2025.
 */
import { type Endpoint, type Proof, isText, isThere, property, withText } from "../../endpoint.js";
import { type DecimalParam, type Known, type NoParams, type Success, type TimestampParam, get, open, write } from "./common.js";

/** Proof: the result has the offer's id. Kraken spells it `offerUId`, and its documentation spells it `offerUid`. */
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
  /** Returns the requests for quotes of all accounts. */
  "GET:rfqs": { params: NoParams; result: Success & { rfqs: Rfq[] } };
  /** Returns one request for quotes. */
  "GET:rfqs/{rfqUid}": { params: NoParams; result: Success & { rfq: Rfq } };
  /** Returns the account's own requests for quotes. */
  "GET:rfqs/open-rfqs": { params: NoParams; result: Success & { rfqs: OwnRfq[] } };
  /** Returns the account's offers for open requests. */
  "GET:rfqs/open-offers": { params: NoParams; result: Success & { offers?: RfqOffer[]; openOffers?: RfqOffer[] } };
  /** Returns the account's offers for closed requests. */
  "GET:rfqs/closed-offers": { params: NoParams; result: Success & { offers: RfqOffer[] } };
  /** Creates a request for quotes. The client writes `json` from the parameters. */
  "POST:rfqs/open-rfqs": { params: CreateRfqParams; result: Success & { rfqUid: string } };
  /** Accepts the bid or the ask for one of the account's requests. */
  "POST:rfqs/open-rfqs/accept-offer/{rfqUid}": { params: AcceptOfferParams; result: Success & { rfqUid: string } };
  /** Withdraws one of the account's requests. */
  "DELETE:rfqs/open-rfqs/{rfqUid}": { params: NoParams; result: Success & { rfqUid: string } };
  /** Places an offer. */
  "POST:rfqs/place-offer/{rfqUid}": { params: PlaceOfferParams; result: Success & { offerUId?: string; offerUid?: string } };
  /** Withdraws an offer. */
  "DELETE:rfqs/cancel-offer/{rfqUid}": { params: { readonly offerUid?: string | undefined }; result: Success };
}

/** A request for quotes. Its id is `uid`; older documentation has `rfqUid`. */
export interface Rfq {
  /** The id of the request. */
  uid?: string;
  /** The id of the request for quotes. */
  rfqUid?: string;
  /** The time when the request expires, RFC 3339. */
  expiry: string;
  /** The mark price, at which positions are valued. */
  markPrice: number;
  /** The legs of the request. Negative sizes are short. */
  legs: {
    /** The symbol of the contract. */
    symbol: string;
    /** The size; negative if it is short. */
    size: number;
    /** The mark price of the contract. */
    markPrice: number;
    /** The best bid so far. */
    bestBid?: number | null;
    /** The best ask so far. */
    bestAsk?: number | null;
  }[];
  /** The status of the request. */
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
  /** The symbol of the contract. */
  tradeable: string;
  /** The price for each unit. */
  price: number;
}

/** An offer, with prices for the whole request or for each leg. Times are RFC 3339. */
export interface RfqOffer {
  /** The id of the offer. */
  uid: string;
  /** The id of the request for quotes. */
  rfqUid: string;
  /** The time when the offer was placed. */
  placementDate: string;
  /** The time of the last change. */
  lastUpdateDate: string;
  /** The bid. */
  bid?: string | number | null;
  /** The ask. */
  ask?: string | number | null;
  /** A price for each leg. */
  bidSide?: RfqLegPrice[] | null;
  /** A price for each leg. */
  askSide?: RfqLegPrice[] | null;
  /** The status of the offer. */
  status?: string;
}

export interface CreateRfqParams {
  /** Up to 100 legs. Negative sizes are short. */
  readonly legs: readonly {
    /** The symbol of the contract. */
    readonly tradeable: string;
    /** The size; negative for a short leg. */
    readonly size: DecimalParam;
  }[];
  /** The time until which offers are accepted. */
  readonly expiry?: TimestampParam | undefined;
}

/** The accepted price. */
export type AcceptOfferParams =
  | {
      /** The accepted bid. */
      readonly bidAccepted: DecimalParam | boolean;
      readonly askAccepted?: undefined;
    }
  | {
      /** The accepted ask. */
      readonly askAccepted: DecimalParam | boolean;
      readonly bidAccepted?: undefined;
    };

/** The prices of an offer: one or two for the whole request, or one for each leg. At least one is required. */
export type PlaceOfferParams = OfferPrices & (OfferWithBid | OfferWithAsk | OfferWithBids | OfferWithAsks);

interface OfferWithBid {
  /** The bid. */
  readonly bid: DecimalParam;
}

interface OfferWithAsk {
  /** The ask. */
  readonly ask: DecimalParam;
}

interface OfferWithBids {
  /** A price for each leg. */
  readonly bidSide: readonly OfferedLeg[];
}

interface OfferWithAsks {
  /** A price for each leg. */
  readonly askSide: readonly OfferedLeg[];
}

/** The prices that an offer may have. */
export interface OfferPrices {
  /** The bid. */
  readonly bid?: DecimalParam | undefined;
  /** The ask. */
  readonly ask?: DecimalParam | undefined;
  /** A price for each leg. */
  readonly bidSide?: readonly OfferedLeg[] | undefined;
  /** A price for each leg. */
  readonly askSide?: readonly OfferedLeg[] | undefined;
}

/** The price of one leg in an offer. */
export interface OfferedLeg {
  /** The symbol of the contract. */
  readonly tradeable: string;
  /** The price of the leg. */
  readonly price: DecimalParam;
}
