/** The parts of orders that exclude or require each other: ids, lifetimes and closing orders. Sources: those of the orders. */
import type { Mistake } from "../../mistake.js";
import type { DecimalParam, SecondsParam } from "./common.js";

export interface ClientOrderId {
  /** The client order id: a UUID, or up to 18 characters. The client generates one, unless there is a `userref`. */
  readonly cl_ord_id?: string | undefined;
  /** None, because it excludes `cl_ord_id`. */
  readonly userref?: Mistake<"Pass either `userref` or `cl_ord_id`"> | undefined;
}

export interface UserReference {
  /** A 32-bit number for a group of orders. It excludes `cl_ord_id`. */
  readonly userref?: number | undefined;
  /** None, because it excludes `userref`. */
  readonly cl_ord_id?: Mistake<"Pass either `userref` or `cl_ord_id`"> | undefined;
}

export interface OpenEnded {
  /** The lifetime: until canceled (`GTC`, the default), immediate (`IOC`), until `expiretm` (`GTD`), or immediate and complete (`FOK`). */
  readonly timeinforce?: "GTC" | "IOC" | "FOK" | undefined;
  /** The expiration time: a time, or `"+<seconds>"` from now. Default: none. */
  readonly expiretm?: SecondsParam | undefined;
}

export interface GoodTillDate {
  /** The lifetime: until `expiretm`. */
  readonly timeinforce: "GTD";
  /** The expiration time: a time, or `"+<seconds>"` from now. */
  readonly expiretm: SecondsParam;
}

/** An order that is placed when another one is filled. */
export type CloseOrder = CloseWithPrice | CloseWithPrices;

export interface CloseWithPrice {
  /** The type of the order. */
  readonly ordertype: "limit" | "iceberg" | "stop-loss" | "take-profit" | "trailing-stop";
  /** The limit price, the trigger price, or the distance of a trailing stop. */
  readonly price: DecimalParam;
  /** None, because these orders have one price. */
  readonly price2?: undefined;
}

export interface CloseWithPrices {
  /** The type of the order. */
  readonly ordertype: "stop-loss-limit" | "take-profit-limit" | "trailing-stop-limit";
  /** The trigger price, or the distance of a trailing stop. */
  readonly price: DecimalParam;
  /** The limit price. */
  readonly price2: DecimalParam;
}
