/**
 * The account's orders, trades, positions and ledger. Sources: docs.kraken.com, «Account Data», with Kraken's own OpenAPI files
 * (github.com/krakenfx/api-specs) and change log, November 2026; answers also from the models of typed-kraken, kraken-connector and
 * kraken-async-rs. Where they disagree, the type is the wider one.
 */
import type { Endpoint } from "../../endpoint.js";
import { type Known, type RebaseParams, type SecondsParam, type Side, type SpotOrderType, type TextListParam, read } from "./common.js";

export const historyRecords = /* @__PURE__ */ (() =>
  ({
    OpenOrders: read("query-open-trades"),
    ClosedOrders: read("query-closed-trades"),
    QueryOrders: read("query-open-trades|query-closed-trades"),
    OrderAmends: read("query-open-trades|query-closed-trades"),
    TradesHistory: read("query-closed-trades"),
    QueryTrades: read("query-closed-trades"),
    OpenPositions: read("query-open-trades"),
    Ledgers: read("query-ledger"),
    QueryLedgers: read("query-ledger"),
  }) as const satisfies { [Name in keyof HistoryEndpoints]: Endpoint })();

export interface HistoryEndpoints {
  /** All open orders. */
  OpenOrders: { params: OpenOrdersParams; result: OpenOrdersResult };
  /** 50 orders that are filled, canceled or expired, the latest first. */
  ClosedOrders: { params: ClosedOrdersParams; result: ClosedOrdersResult };
  /** Orders by their ids, which are the names in the answer. */
  QueryOrders: { params: QueryOrdersParams; result: Record<string, ClosedOrder> };
  /** What was changed in an order by AmendOrder. */
  OrderAmends: { params: OrderAmendsParams; result: OrderAmendsResult };
  /** 50 trades, the latest first. */
  TradesHistory: { params: TradesHistoryParams; result: TradesHistoryResult };
  /** Trades by their ids, which are the names in the answer. */
  QueryTrades: { params: QueryTradesParams; result: Record<string, HistoricalTrade> };
  /** Positions on margin by their ids; with `consolidation`, a list by pairs. */
  OpenPositions: { params: OpenPositionsParams; result: Record<string, OpenPosition> | ConsolidatedPosition[] };
  /** 50 entries of the ledger, the latest first. */
  Ledgers: { params: LedgersParams; result: LedgersResult };
  /** Entries of the ledger by their ids, which are the names in the answer. */
  QueryLedgers: { params: QueryLedgersParams; result: Record<string, LedgerEntry> };
}

export interface OpenOrdersParams extends RebaseParams {
  /** Whether to tell the trades of each order; `false` by default. */
  readonly trades?: boolean | undefined;
  /** Only orders with this reference. */
  readonly userref?: number | undefined;
  /** Only the order with this client order id. */
  readonly cl_ord_id?: string | undefined;
}

/** Times are seconds since 1970, with fractions; 0 for none. */
export interface OpenOrder {
  /** The order that made this one. */
  refid?: string | null;
  /** Another order that belongs to it. */
  link_id?: string | null;
  userref?: number | null;
  cl_ord_id?: string | null;
  status: "pending" | "open" | "closed" | "canceled" | "expired";
  opentm: number;
  starttm: number;
  expiretm: number;
  descr: OrderDescription;
  time_in_force?: Known<"gtc" | "ioc" | "gtd" | "fok">;
  /** Volume, in the base asset; in the quote asset with `viqc` among the flags. */
  vol: string;
  /** How much of it is filled. */
  vol_exec: string;
  /** In the quote asset. */
  cost: string;
  /** In the quote asset. */
  fee: string;
  /** Average price. */
  price: string;
  stopprice?: string;
  limitprice?: string;
  trigger?: Known<"last" | "index">;
  margin?: boolean;
  /** Joined by commas: `stopped`, `touched`, `liquidated`, `partial`, `amended`. */
  misc: string;
  /** Joined by commas: `post`, `fcib`, `fciq`, `nompp`, `viqc`. */
  oflags: string;
  /** With `trades`. */
  trades?: string[];
  sender_sub_id?: string | null;
}

/** An order in words. */
export interface OrderDescription {
  pair: string;
  type: Side;
  ordertype: Known<SpotOrderType>;
  price: string;
  price2: string;
  /** Such as `5:1`, or `none`. */
  leverage: string;
  order: string;
  close: string;
  aclass?: string;
}

export interface OpenOrdersResult {
  /** By their ids. */
  open: Record<string, OpenOrder>;
}

/** What searches in a history have in common. */
interface HistoryParams extends RebaseParams {
  /** Results after that: seconds since 1970, a `Date`, or the id of one. */
  readonly start?: SecondsParam | undefined;
  /** Results up to that: seconds since 1970, a `Date`, or the id of one. */
  readonly end?: SecondsParam | undefined;
  /** How many to leave out, the latest first. `pages` does better: it repeats and loses none. */
  readonly ofs?: number | undefined;
  /** Leaves `count` out of the answer, which is faster. */
  readonly without_count?: boolean | undefined;
}

export interface ClosedOrdersParams extends HistoryParams, OpenOrdersParams {
  /** Which time `start` and `end` are about; `both` by default. */
  readonly closetime?: "open" | "close" | "both" | undefined;
  /** Whether to join the trades of one taker order. */
  readonly consolidate_taker?: boolean | undefined;
}

export interface ClosedOrder extends OpenOrder {
  /** Seconds since 1970; not for orders that are still open. */
  closetm?: number;
  /** Why, in words. */
  reason?: string | null;
}

export interface ClosedOrdersResult {
  /** By their ids. */
  closed: Record<string, ClosedOrder>;
  /** How many there are; not with `without_count`. */
  count?: number;
}

export interface QueryOrdersParams extends OpenOrdersParams {
  /** At most 50. */
  readonly txid: TextListParam;
  readonly consolidate_taker?: boolean | undefined;
}

export interface OrderAmendsParams extends RebaseParams {
  readonly order_id: string;
}

export interface OrderAmend {
  amend_id: string;
  amend_type: Known<"original" | "user" | "restated">;
  order_qty: string;
  display_qty?: string;
  remaining_qty?: string;
  limit_price?: string;
  trigger_price?: string;
  reason?: string;
  post_only?: boolean;
  /** Nanoseconds since 1970: a `bigint`, as a number would not hold it. */
  timestamp: bigint | number;
}

export interface OrderAmendsResult {
  count: number;
  /** The oldest first: the order as it was placed. */
  amends: OrderAmend[];
}

export interface TradesHistoryParams extends HistoryParams {
  readonly type?: "all" | "any position" | "closed position" | "closing position" | "no position" | undefined;
  /** Whether to tell the trades of each position; `false` by default. */
  readonly trades?: boolean | undefined;
  readonly consolidate_taker?: boolean | undefined;
  /** Whether to tell ids in the ledger, which is slow; `false` by default. */
  readonly ledgers?: boolean | undefined;
  /** Only this pair. */
  readonly pair?: TextListParam | undefined;
  /** The class of `pair`. */
  readonly aclass?: "forex" | "equity_pair" | "futures_contract" | "synthetic_pair" | "external_pair" | undefined;
  /** At most so many, up to 100; 50 by default. */
  readonly limit?: number | undefined;
}

/** Amounts have the precision of the pair. The last ones are there only if the trade opened a position; the documentation has numbers there. */
export interface HistoricalTrade {
  ordertxid: string;
  /** The position. */
  postxid?: string;
  pair: string;
  /** Seconds since 1970, with fractions. */
  time: number;
  type: Side;
  ordertype: Known<SpotOrderType>;
  price: string;
  cost: string;
  fee: string;
  vol: string;
  /** Initial margin, in the quote asset. */
  margin: string;
  leverage?: string;
  /** Joined by commas, such as `closing`. */
  misc: string;
  ledgers?: string[];
  trade_id?: number;
  /** Whether the order was the one in the book. */
  maker?: boolean;
  aclass?: string;
  tradeordertype?: string;
  posstatus?: Known<"open" | "closed">;
  /** Of the part that is closed: average price, cost, fee, volume, freed margin, profit or loss. */
  cprice?: string | number | null;
  ccost?: string | number | null;
  cfee?: string | number | null;
  cvol?: string | number | null;
  cmargin?: string | number | null;
  net?: string | number | null;
  /** The trades that closed it. */
  trades?: string[];
}

export interface TradesHistoryResult {
  /** By their ids. */
  trades: Record<string, HistoricalTrade>;
  /** How many there are; not with `without_count`. */
  count?: number;
}

export interface QueryTradesParams extends RebaseParams {
  /** At most 20. */
  readonly txid: TextListParam;
  /** Whether to tell the trades of each position; `false` by default. */
  readonly trades?: boolean | undefined;
}

export interface OpenPositionsParams extends RebaseParams {
  readonly txid?: TextListParam | undefined;
  /** Whether to tell value and profit; `false` by default. */
  readonly docalcs?: boolean | undefined;
  /** Puts positions of a pair together. */
  readonly consolidation?: "market" | undefined;
}

export interface OpenPosition {
  ordertxid: string;
  posstatus?: Known<"open">;
  pair: string;
  class?: string;
  /** Seconds since 1970, with fractions. */
  time: number;
  type: Side;
  ordertype: Known<SpotOrderType>;
  /** In the quote asset. */
  cost: string;
  fee: string;
  /** In the base asset. */
  vol: string;
  vol_closed: string;
  /** Initial margin, in the quote asset. */
  margin: string;
  /** With `docalcs`. Text; one client's test has a number. */
  value?: string | number;
  /** With `docalcs`: profit or loss, signed. */
  net?: string;
  /** What it costs, in words. */
  terms?: string;
  /** When it costs next, in seconds since 1970. */
  rollovertm?: string;
  misc: string;
  oflags: string;
}

export interface ConsolidatedPosition {
  pair: string;
  /** How many positions are in it. */
  positions: string;
  type: Side;
  leverage?: string;
  cost: string;
  fee: string;
  vol: string;
  vol_closed: string;
  margin: string;
  value?: string;
  net?: string;
}

export interface LedgersParams extends HistoryParams {
  /** Only these assets. */
  readonly asset?: TextListParam | undefined;
  readonly aclass?: Known<"currency" | "tokenized_asset"> | undefined;
  readonly type?:
    | "all"
    | "trade"
    | "deposit"
    | "withdrawal"
    | "transfer"
    | "margin"
    | "adjustment"
    | "rollover"
    | "credit"
    | "settled"
    | "staking"
    | "dividend"
    | "sale"
    | "nft_rebate"
    | undefined;
}

export interface LedgerEntry {
  /** The trade, deposit, withdrawal … that made it. */
  refid: string;
  /** Seconds since 1970, with fractions. */
  time: number;
  type: Known<
    | "trade"
    | "deposit"
    | "withdrawal"
    | "transfer"
    | "margin"
    | "adjustment"
    | "rollover"
    | "spend"
    | "receive"
    | "settled"
    | "credit"
    | "staking"
    | "reward"
    | "dividend"
    | "sale"
    | "conversion"
    | "earn"
  >;
  subtype?: string;
  aclass: string;
  asset: string;
  /** Signed. */
  amount: string;
  fee: string;
  /** After it. */
  balance: string;
  /** The wallet. */
  wallet?: string;
}

export interface LedgersResult {
  /** By their ids. */
  ledger: Record<string, LedgerEntry>;
  /** How many there are; not with `without_count`. */
  count?: number;
}

export interface QueryLedgersParams extends RebaseParams {
  /** At most 20. */
  readonly id: TextListParam;
  /** Whether to tell the trades of each position; `false` by default. */
  readonly trades?: boolean | undefined;
}
