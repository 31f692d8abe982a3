/**
 * The endpoints for the account's orders, trades, positions and ledger. Sources: docs.kraken.com, "Account Data", with Kraken's own OpenAPI files
 * (github.com/krakenfx/api-specs) and change log, November 2026. Answers are also from the models of typed-kraken, kraken-connector and
 * kraken-async-rs. If sources disagree, the type is the wider one.
 */
import type { Endpoint } from "../../endpoint.js";
import { type Known, type RebaseParams, type SecondsParam, type Side, type SpotOrderType, type TextListParam, read } from "./common.js";

/**
 * The weight of "ledger/trade history calls" on docs.kraken.com, "Spot REST Rate Limits", November 2026. Kraken's support page says 4, for Ledgers,
 * TradesHistory and ClosedOrders.
 */
const history = { weight: { calls: 2 } } as const;

export const historyRecords = /* @__PURE__ */ (() =>
  ({
    OpenOrders: read("query-open-trades"),
    ClosedOrders: read("query-closed-trades"),
    QueryOrders: read("query-open-trades|query-closed-trades"),
    OrderAmends: read("query-open-trades|query-closed-trades"),
    TradesHistory: read("query-closed-trades", history),
    QueryTrades: read("query-closed-trades", history),
    OpenPositions: read("query-open-trades"),
    Ledgers: read("query-ledger", history),
    QueryLedgers: read("query-ledger", history),
  }) as const satisfies { [Name in keyof HistoryEndpoints]: Endpoint })();

export interface HistoryEndpoints {
  /** Returns all open orders. */
  OpenOrders: { params: OpenOrdersParams; result: OpenOrdersResult };
  /** Returns 50 orders that were filled, were canceled or have expired, the latest first. */
  ClosedOrders: { params: ClosedOrdersParams; result: ClosedOrdersResult };
  /** Returns orders by id. The ids are the names of the answer's members. */
  QueryOrders: { params: QueryOrdersParams; result: Record<string, ClosedOrder> };
  /** Returns the changes that AmendOrder made to an order. */
  OrderAmends: { params: OrderAmendsParams; result: OrderAmendsResult };
  /** Returns 50 trades, the latest first. */
  TradesHistory: { params: TradesHistoryParams; result: TradesHistoryResult };
  /** Returns trades by id. The ids are the names of the answer's members. */
  QueryTrades: { params: QueryTradesParams; result: Record<string, HistoricalTrade> };
  /** Returns margin positions by id, or with `consolidation` a list with one row for each pair. */
  OpenPositions: { params: OpenPositionsParams; result: Record<string, OpenPosition> | ConsolidatedPosition[] };
  /** Returns 50 ledger entries, the latest first. */
  Ledgers: { params: LedgersParams; result: LedgersResult };
  /** Returns ledger entries by id. The ids are the names of the answer's members. */
  QueryLedgers: { params: QueryLedgersParams; result: Record<string, LedgerEntry> };
}

export interface OpenOrdersParams extends RebaseParams {
  /** Whether to return the trades of each order. Default: `false`. */
  readonly trades?: boolean | undefined;
  /** The `userref` of the orders. */
  readonly userref?: number | undefined;
  /** The client order id of the order. */
  readonly cl_ord_id?: string | undefined;
}

/** An open order. Times are seconds since 1970, with fractions; 0 for none. */
export interface OpenOrder {
  /** The id of the order that created this one. */
  refid?: string | null;
  /** The id of a linked order. */
  link_id?: string | null;
  /** The `userref` of the order. */
  userref?: number | null;
  /** The client order id. */
  cl_ord_id?: string | null;
  /** The status of the order. */
  status: "pending" | "open" | "closed" | "canceled" | "expired";
  /** The time when the order was placed, in seconds since 1970. */
  opentm: number;
  /** The start time in seconds since 1970; 0 for an immediate start. */
  starttm: number;
  /** The expiration time in seconds since 1970; 0 for never. */
  expiretm: number;
  /** The description of the order. */
  descr: OrderDescription;
  /** The lifetime of the order. */
  time_in_force?: Known<"gtc" | "ioc" | "gtd" | "fok">;
  /** The volume in the base asset, or in the quote asset with the flag `viqc`. */
  vol: string;
  /** The filled volume. */
  vol_exec: string;
  /** The cost in the quote asset. */
  cost: string;
  /** The fee in the quote asset. */
  fee: string;
  /** The average price. */
  price: string;
  /** The trigger price. */
  stopprice?: string;
  /** The limit price after the trigger. */
  limitprice?: string;
  /** The price that triggers the order. */
  trigger?: Known<"last" | "index">;
  /** Whether the order trades on margin. */
  margin?: boolean;
  /** Notes, joined by commas: `stopped`, `touched`, `liquidated`, `partial`, `amended`. */
  misc: string;
  /** Flags, joined by commas: `post`, `fcib`, `fciq`, `nompp`, `viqc`. */
  oflags: string;
  /** The ids of the order's trades, with `trades`. */
  trades?: string[];
  /** The id of a trader within the account. */
  sender_sub_id?: string | null;
}

/** The description of an order. */
export interface OrderDescription {
  /** The name of the pair. */
  pair: string;
  /** The side: buy or sell. */
  type: Side;
  /** The type of the order. */
  ordertype: Known<SpotOrderType>;
  /** The first price. For most orders, this is the limit price. */
  price: string;
  /** The second price, for order types that have one. */
  price2: string;
  /** The leverage, such as `5:1`, or `none`. */
  leverage: string;
  /** The description as a sentence. */
  order: string;
  /** The description of the closing order. */
  close: string;
  /** The class of the asset. */
  aclass?: string;
}

export interface OpenOrdersResult {
  /** The open orders by id. */
  open: Record<string, OpenOrder>;
}

/** The common parameters of histories. */
interface HistoryParams extends RebaseParams {
  /** The exclusive start of the period: seconds since 1970, a `Date`, or the id of a row. */
  readonly start?: SecondsParam | undefined;
  /** The inclusive end of the period: seconds since 1970, a `Date`, or the id of a row. */
  readonly end?: SecondsParam | undefined;
  /** The number of rows to skip, the latest first. Prefer `pages`, which repeats and loses none. */
  readonly ofs?: number | undefined;
  /** Whether to omit `count` from the answer, which is faster. */
  readonly without_count?: boolean | undefined;
}

export interface ClosedOrdersParams extends HistoryParams, OpenOrdersParams {
  /** The time to which `start` and `end` refer. Default: `both`. */
  readonly closetime?: "open" | "close" | "both" | undefined;
  /** Whether to merge the trades of each taker order. */
  readonly consolidate_taker?: boolean | undefined;
}

export interface ClosedOrder extends OpenOrder {
  /** The time when the order was closed, in seconds since 1970. Open orders have none. */
  closetm?: number;
  /** The reason for the status. */
  reason?: string | null;
}

export interface ClosedOrdersResult {
  /** The closed orders by id. */
  closed: Record<string, ClosedOrder>;
  /** The number of rows. It is missing with `without_count`. */
  count?: number;
}

export interface QueryOrdersParams extends OpenOrdersParams {
  /** Up to 50 ids. */
  readonly txid: TextListParam;
  /** Whether to merge the trades of each taker order. */
  readonly consolidate_taker?: boolean | undefined;
}

export interface OrderAmendsParams extends RebaseParams {
  /** The id of the order. */
  readonly order_id: string;
}

export interface OrderAmend {
  /** The id of the amendment. */
  amend_id: string;
  /** The origin of the amendment. */
  amend_type: Known<"original" | "user" | "restated">;
  /** The quantity. */
  order_qty: string;
  /** The visible quantity. */
  display_qty?: string;
  /** The remaining quantity. */
  remaining_qty?: string;
  /** The limit price. */
  limit_price?: string;
  /** The trigger price. */
  trigger_price?: string;
  /** The reason for an amendment by the engine. */
  reason?: string;
  /** Whether the order must not trade at once. */
  post_only?: boolean;
  /**
   * The time since 1970: in nanoseconds by Kraken's documentation, which are a `bigint`, because a number cannot represent them; recorded answers have
   * milliseconds, which are a number.
   */
  timestamp: bigint | number;
}

export interface OrderAmendsResult {
  /** The number of amendments. */
  count: number;
  /** The amendments, the oldest first. The first one is the order as it was placed. */
  amends: OrderAmend[];
}

export interface TradesHistoryParams extends HistoryParams {
  /** The type of the trades. Default: `all`. */
  readonly type?: "all" | "any position" | "closed position" | "closing position" | "no position" | undefined;
  /** Whether to return the trades of each position. Default: `false`. */
  readonly trades?: boolean | undefined;
  /** Whether to merge the trades of each taker order. */
  readonly consolidate_taker?: boolean | undefined;
  /** Whether to return ledger ids, which is slow. Default: `false`. */
  readonly ledgers?: boolean | undefined;
  /** The pairs of the trades. */
  readonly pair?: TextListParam | undefined;
  /** The class of `pair`. */
  readonly aclass?: "forex" | "equity_pair" | "futures_contract" | "synthetic_pair" | "external_pair" | undefined;
  /** The maximum number of rows, up to 100. Default: 50. */
  readonly limit?: number | undefined;
}

/** A trade. Amounts have the precision of the pair. The last fields exist only if it opened a position; Kraken documents them as numbers. */
export interface HistoricalTrade {
  /** The id of the order. */
  ordertxid: string;
  /** The id of the position. */
  postxid?: string;
  /** The name of the pair. */
  pair: string;
  /** The time in seconds since 1970, with fractions. */
  time: number;
  /** The side: buy or sell. */
  type: Side;
  /** The type of the order. */
  ordertype: Known<SpotOrderType>;
  /** The price for each unit. */
  price: string;
  /** The cost in the quote asset. */
  cost: string;
  /** The fee, usually in the quote asset. */
  fee: string;
  /** The volume in the base asset. */
  vol: string;
  /** The initial margin in the quote asset. */
  margin: string;
  /** The leverage, such as `2`. Without leverage, it is `0` or missing. */
  leverage?: string;
  /** Notes, joined by commas, such as `closing`. */
  misc: string;
  /** The ids of the ledger entries. */
  ledgers?: string[];
  /** The number of the trade among the trades of the pair. */
  trade_id?: number;
  /** Whether the order was the maker. */
  maker?: boolean;
  /** The class of the asset. */
  aclass?: string;
  /** The type of the order. */
  tradeordertype?: string;
  /** The status of the position. */
  posstatus?: Known<"open" | "closed">;
  /** The average price of the closed part. */
  cprice?: string | number | null;
  /** The cost of the closed part, in the quote asset. */
  ccost?: string | number | null;
  /** The fee for the closed part. */
  cfee?: string | number | null;
  /** The closed volume in the base asset. */
  cvol?: string | number | null;
  /** The freed margin. */
  cmargin?: string | number | null;
  /** The profit or loss of the closed part. */
  net?: string | number | null;
  /** The ids of the closing trades. */
  trades?: string[];
}

export interface TradesHistoryResult {
  /** The trades by id. */
  trades: Record<string, HistoricalTrade>;
  /** The number of rows. It is missing with `without_count`. */
  count?: number;
}

export interface QueryTradesParams extends RebaseParams {
  /** Up to 20 ids. */
  readonly txid: TextListParam;
  /** Whether to return the trades of each position. Default: `false`. */
  readonly trades?: boolean | undefined;
}

export interface OpenPositionsParams extends RebaseParams {
  /** The ids of the positions. Default: all. */
  readonly txid?: TextListParam | undefined;
  /** Whether to return value and profit. Default: `false`. */
  readonly docalcs?: boolean | undefined;
  /** Whether to merge the positions of each pair. */
  readonly consolidation?: "market" | undefined;
}

export interface OpenPosition {
  /** The id of the order. */
  ordertxid: string;
  /** The status of the position. */
  posstatus?: Known<"open">;
  /** The name of the pair. */
  pair: string;
  /** The class of the pair. */
  class?: string;
  /** The time in seconds since 1970, with fractions. */
  time: number;
  /** The side: buy or sell. */
  type: Side;
  /** The type of the order. */
  ordertype: Known<SpotOrderType>;
  /** The cost in the quote asset. */
  cost: string;
  /** The fee in the quote asset. */
  fee: string;
  /** The volume in the base asset. */
  vol: string;
  /** The closed volume in the base asset. */
  vol_closed: string;
  /** The initial margin in the quote asset. */
  margin: string;
  /** The value, with `docalcs`, as text. In one client's test, it is a number. */
  value?: string | number;
  /** The profit or loss, signed, with `docalcs`. */
  net?: string;
  /** The description of the rollover cost. */
  terms?: string;
  /** The time of the next rollover cost, in seconds since 1970. */
  rollovertm?: string;
  /** Notes, joined by commas. */
  misc: string;
  /** The flags of the order, joined by commas. */
  oflags: string;
}

export interface ConsolidatedPosition {
  /** The name of the pair. */
  pair: string;
  /** The number of merged positions. */
  positions: string;
  /** The side: buy or sell. */
  type: Side;
  /** The leverage, such as `2`. Without leverage, it is `0` or missing. */
  leverage?: string;
  /** The cost in the quote asset. */
  cost: string;
  /** The fee in the quote asset. */
  fee: string;
  /** The volume in the base asset. */
  vol: string;
  /** The closed volume in the base asset. */
  vol_closed: string;
  /** The required margin. */
  margin: string;
  /** The current value. */
  value?: string;
  /** The unrealized profit or loss. */
  net?: string;
}

export interface LedgersParams extends HistoryParams {
  /** The assets of the entries. */
  readonly asset?: TextListParam | undefined;
  /** The class of the assets. */
  readonly aclass?: Known<"currency" | "tokenized_asset"> | undefined;
  /**
   * The type of the entries. Default: all. Kraken's page and its OpenAPI file have different lists; this is both. Ledgers contain more types, by which Kraken
   * does not filter.
   */
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
    | "conversion"
    | "allocation"
    | "deallocation"
    | "earn"
    | undefined;
}

export interface LedgerEntry {
  /** The id of the cause, such as a trade, a deposit or a withdrawal. */
  refid: string;
  /** The time in seconds since 1970, with fractions. */
  time: number;
  /** The reason why the balance changed. */
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
  /** A more specific type, if there is one. */
  subtype?: string;
  /** The class of the asset. */
  aclass: string;
  /** The asset. */
  asset: string;
  /** The amount, signed. */
  amount: string;
  /** The fee. */
  fee: string;
  /** The balance after the entry. */
  balance: string;
  /** The wallet. */
  wallet?: string;
}

export interface LedgersResult {
  /** The entries by id. */
  ledger: Record<string, LedgerEntry>;
  /** The number of rows. It is missing with `without_count`. */
  count?: number;
}

export interface QueryLedgersParams extends RebaseParams {
  /** Up to 20 ids. */
  readonly id: TextListParam;
  /** Whether to return the trades of each position. Default: `false`. */
  readonly trades?: boolean | undefined;
}
