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
  /** The number that the order was given. */
  userref?: number | null;
  /** The id that the order was given. */
  cl_ord_id?: string | null;
  /** How far it is. */
  status: "pending" | "open" | "closed" | "canceled" | "expired";
  /** When it was placed, in seconds since 1970. */
  opentm: number;
  /** When it begins, in seconds since 1970; 0 for at once. */
  starttm: number;
  /** When it expires, in seconds since 1970; 0 for never. */
  expiretm: number;
  /** What was ordered. */
  descr: OrderDescription;
  /** How long it is good. */
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
  /** The trigger's price. */
  stopprice?: string;
  /** The limit, once triggered. */
  limitprice?: string;
  /** What triggers it. */
  trigger?: Known<"last" | "index">;
  /** Whether it trades on margin. */
  margin?: boolean;
  /** Joined by commas: `stopped`, `touched`, `liquidated`, `partial`, `amended`. */
  misc: string;
  /** Joined by commas: `post`, `fcib`, `fciq`, `nompp`, `viqc`. */
  oflags: string;
  /** With `trades`. */
  trades?: string[];
  /** The id of a trader within the account. */
  sender_sub_id?: string | null;
}

/** An order in words. */
export interface OrderDescription {
  /** The pair's name. */
  pair: string;
  /** Whether it buys or sells. */
  type: Side;
  /** The order's type. */
  ordertype: Known<SpotOrderType>;
  /** The first price: of most orders the limit. */
  price: string;
  /** The second price, of orders that have one. */
  price2: string;
  /** Such as `5:1`, or `none`. */
  leverage: string;
  /** The order in words. */
  order: string;
  /** The order that closes it, in words. */
  close: string;
  /** Which kind of asset it is. */
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
  /** Whether fills of one taker are one row. */
  readonly consolidate_taker?: boolean | undefined;
}

export interface OrderAmendsParams extends RebaseParams {
  /** The order's id. */
  readonly order_id: string;
}

export interface OrderAmend {
  /** The amendment's id. */
  amend_id: string;
  /** Who has amended it. */
  amend_type: Known<"original" | "user" | "restated">;
  /** The quantity. */
  order_qty: string;
  /** What is shown of it. */
  display_qty?: string;
  /** What is left. */
  remaining_qty?: string;
  /** The limit. */
  limit_price?: string;
  /** The trigger's price. */
  trigger_price?: string;
  /** Why, if the engine did it. */
  reason?: string;
  /** Whether it must not trade at once. */
  post_only?: boolean;
  /** Nanoseconds since 1970: a `bigint`, as a number would not hold it. */
  timestamp: bigint | number;
}

export interface OrderAmendsResult {
  /** How many there are. */
  count: number;
  /** The oldest first: the order as it was placed. */
  amends: OrderAmend[];
}

export interface TradesHistoryParams extends HistoryParams {
  /** Which trades to tell; all by default. */
  readonly type?: "all" | "any position" | "closed position" | "closing position" | "no position" | undefined;
  /** Whether to tell the trades of each position; `false` by default. */
  readonly trades?: boolean | undefined;
  /** Whether fills of one taker are one row. */
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
  /** The order's id. */
  ordertxid: string;
  /** The position. */
  postxid?: string;
  /** The pair's name. */
  pair: string;
  /** Seconds since 1970, with fractions. */
  time: number;
  /** Whether it bought or sold. */
  type: Side;
  /** The order's type. */
  ordertype: Known<SpotOrderType>;
  /** For each unit. */
  price: string;
  /** In the quote asset. */
  cost: string;
  /** In the quote asset, as a rule. */
  fee: string;
  /** In the base asset. */
  vol: string;
  /** Initial margin, in the quote asset. */
  margin: string;
  /** Such as `2`; `0` or none without. */
  leverage?: string;
  /** Joined by commas, such as `closing`. */
  misc: string;
  /** Ids of the entries of the ledger. */
  ledgers?: string[];
  /** Counts the trades of the pair. */
  trade_id?: number;
  /** Whether the order was the one in the book. */
  maker?: boolean;
  /** Which kind of asset it is. */
  aclass?: string;
  /** The order's type. */
  tradeordertype?: string;
  /** Whether the position is open. */
  posstatus?: Known<"open" | "closed">;
  /** Of the part that is closed: average price, cost, fee, volume, freed margin, profit or loss. */
  cprice?: string | number | null;
  /** What was closed, in the quote asset. */
  ccost?: string | number | null;
  /** The fee for what was closed. */
  cfee?: string | number | null;
  /** How much was closed, in the base asset. */
  cvol?: string | number | null;
  /** The margin that was freed. */
  cmargin?: string | number | null;
  /** Profit or loss of what was closed. */
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
  /** The ids of positions; all by default. */
  readonly txid?: TextListParam | undefined;
  /** Whether to tell value and profit; `false` by default. */
  readonly docalcs?: boolean | undefined;
  /** Puts positions of a pair together. */
  readonly consolidation?: "market" | undefined;
}

export interface OpenPosition {
  /** The order's id. */
  ordertxid: string;
  /** Whether the position is open. */
  posstatus?: Known<"open">;
  /** The pair's name. */
  pair: string;
  /** Which kind of pair it is. */
  class?: string;
  /** Seconds since 1970, with fractions. */
  time: number;
  /** Whether it bought or sold. */
  type: Side;
  /** The order's type. */
  ordertype: Known<SpotOrderType>;
  /** In the quote asset. */
  cost: string;
  /** What was charged, in the quote asset. */
  fee: string;
  /** In the base asset. */
  vol: string;
  /** How much is closed, in the base asset. */
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
  /** Notes, divided by commas. */
  misc: string;
  /** The order's flags, divided by commas. */
  oflags: string;
}

export interface ConsolidatedPosition {
  /** The pair's name. */
  pair: string;
  /** How many positions are in it. */
  positions: string;
  /** Whether it bought or sold. */
  type: Side;
  /** Such as `2`; `0` or none without. */
  leverage?: string;
  /** In the quote asset. */
  cost: string;
  /** What was charged, in the quote asset. */
  fee: string;
  /** In the base asset. */
  vol: string;
  /** How much is closed, in the base asset. */
  vol_closed: string;
  /** What it needs. */
  margin: string;
  /** What it is worth now. */
  value?: string;
  /** Profit or loss that is not realized. */
  net?: string;
}

export interface LedgersParams extends HistoryParams {
  /** Only these assets. */
  readonly asset?: TextListParam | undefined;
  /** Which kind of asset it is. */
  readonly aclass?: Known<"currency" | "tokenized_asset"> | undefined;
  /** Which entries to tell; all by default. */
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
  /** Why the balance changed. */
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
  /** A closer kind, where there is one. */
  subtype?: string;
  /** Which kind of asset it is. */
  aclass: string;
  /** The asset. */
  asset: string;
  /** Signed. */
  amount: string;
  /** What was charged. */
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
