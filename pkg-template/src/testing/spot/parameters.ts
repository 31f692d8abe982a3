/** The parameters of the Spot endpoints, as Kraken documents them. The Funding API, which is not listed, accepts any. */

import { parameters, type Parameters } from "../parameters/known.js";

/** The documented structures of a custody list. The fields of filters and orderings are not checked. */
const LISTED = { pagination: parameters("limit offset"), filters: undefined, orderings: undefined };
const CLOSE = parameters("ordertype price price2");
const ORDER =
  "ordertype type volume displayvol price price2 trigger leverage reduce_only? stptype oflags timeinforce starttm expiretm userref cl_ord_id";

export const SPOT_PARAMETERS: ReadonlyMap<string, Parameters> = new Map<string, Parameters>([
  // Public
  ["Time", parameters("")],
  ["SystemStatus", parameters("")],
  ["Assets", parameters("asset* aclass assetVersion")],
  ["AssetPairs", parameters("pair* info aclass_base country_code assetVersion execution_venue")],
  ["Ticker", parameters("pair* asset_class assetVersion")],
  ["OHLC", parameters("pair interval since asset_class assetVersion")],
  ["Depth", parameters("pair count asset_class assetVersion")],
  ["GroupedBook", parameters("pair depth grouping")],
  ["Trades", parameters("pair since count asset_class assetVersion")],
  ["Spread", parameters("pair since asset_class assetVersion")],
  ["PreTrade", parameters("symbol")],
  ["PostTrade", parameters("symbol from_ts to_ts count")],

  // Account
  ["GetApiKeyInfo", parameters("")],
  ["Balance", parameters("rebase_multiplier")],
  ["BalanceEx", parameters("rebase_multiplier")],
  ["CreditLines", parameters("rebase_multiplier")],
  ["TradeVolume", parameters("fee-info? fee_info? fee_schedule? rebase_multiplier", { pair: parameters("asset aclass") })],
  ["TradeBalance", parameters("asset rebase_multiplier")],
  ["OpenOrders", parameters("trades? userref cl_ord_id rebase_multiplier")],
  ["OpenPositions", parameters("txid docalcs? consolidation rebase_multiplier")],
  ["Level3", parameters("pair depth")],
  ["ClosedOrders", parameters("trades? userref cl_ord_id start end ofs closetime consolidate_taker? without_count? rebase_multiplier")],
  ["QueryOrders", parameters("txid* trades? userref cl_ord_id consolidate_taker? rebase_multiplier")],
  ["OrderAmends", parameters("order_id rebase_multiplier")],
  [
    "TradesHistory",
    parameters("type trades? start end ofs without_count? consolidate_taker? ledgers? rebase_multiplier aclass pair limit"),
  ],
  ["QueryTrades", parameters("txid* trades? rebase_multiplier")],
  ["Ledgers", parameters("asset* aclass type start end ofs without_count? rebase_multiplier")],
  ["QueryLedgers", parameters("id* trades? rebase_multiplier")],
  ["AddExport", parameters("report format description fields starttm endtm")],
  ["ExportStatus", parameters("report")],
  ["RetrieveExport", parameters("id")],
  ["RemoveExport", parameters("id type")],

  // Trading
  ["AddOrder", parameters(`${ORDER} pair deadline validate? broker asset_class`, { close: CLOSE })],
  ["AddOrderBatch", parameters("pair deadline validate? broker asset_class", { orders: parameters(`${ORDER} broker`, { close: CLOSE }) })],
  ["EditOrder", parameters("userref txid volume displayvol pair asset_class price price2 oflags deadline cancel_response? validate?")],
  ["AmendOrder", parameters("txid cl_ord_id order_qty display_qty limit_price trigger_price pair post_only? deadline")],
  ["CancelOrder", parameters("txid cl_ord_id")],
  ["CancelAll", parameters("")],
  ["CancelAllOrdersAfter", parameters("timeout")],
  ["CancelOrderBatch", parameters("orders* cl_ord_ids*")],
  ["GetWebSocketsToken", parameters("")],

  // Funding
  ["DepositMethods", parameters("asset aclass rebase_multiplier")],
  ["DepositAddresses", parameters("asset aclass method new? amount")],
  ["DepositStatus", parameters("asset aclass method start end cursor limit rebase_multiplier")],
  ["WithdrawMethods", parameters("asset aclass network rebase_multiplier")],
  ["WithdrawAddresses", parameters("asset aclass method key verified?")],
  ["WithdrawInfo", parameters("asset key amount")],
  ["WithdrawStatus", parameters("asset aclass method start end cursor limit rebase_multiplier")],
  ["Withdraw", parameters("asset aclass key address amount max_fee rebase_multiplier")],
  ["WithdrawCancel", parameters("asset refid")],
  ["WalletTransfer", parameters("asset from to amount")],
  ["CreateSubaccount", parameters("username email")],
  ["AccountTransfer", parameters("asset asset_class amount from to")],

  // Custody
  ["ListCustodyVaults", parameters("resolve_policies", LISTED)],
  ["ListCustodyTasks", parameters("", LISTED)],
  ["GetCustodyTask", parameters("id")],

  // Earn
  ["Earn/Strategies", parameters("ascending? asset cursor limit lock_type")],
  ["Earn/Allocations", parameters("ascending? converted_asset hide_zero_allocations?")],
  ["Earn/Allocate", parameters("amount strategy_id")],
  ["Earn/Deallocate", parameters("amount strategy_id")],
  ["Earn/AllocateStatus", parameters("strategy_id")],
  ["Earn/DeallocateStatus", parameters("strategy_id")],
]);

const TRIGGERS = parameters("reference price price_type");
const CONDITIONAL = parameters("order_type limit_price limit_price_type trigger_price trigger_price_type");
const SOCKET_ORDER =
  "order_type side order_qty limit_price limit_price_type time_in_force margin? post_only? reduce_only? effective_time expire_time " +
  "cl_ord_id order_userref display_qty fee_preference no_mpp? stp_type cash_order_qty sender_sub_id";
const structures = { triggers: TRIGGERS, conditional: CONDITIONAL };

/** The `params` of the methods of WebSocket v2, without the token. */
export const SOCKET_PARAMETERS: ReadonlyMap<string, Parameters> = new Map<string, Parameters>([
  ["add_order", parameters(`${SOCKET_ORDER} symbol deadline validate?`, structures)],
  ["batch_add", parameters("symbol deadline validate?", { orders: parameters(SOCKET_ORDER, structures) })],
  [
    "edit_order",
    parameters(
      "order_id symbol order_qty limit_price display_qty fee_preference no_mpp? order_userref post_only? reduce_only? validate? deadline",
      {
        triggers: TRIGGERS,
      },
    ),
  ],
  [
    "amend_order",
    parameters(
      "order_id cl_ord_id order_qty display_qty limit_price limit_price_type post_only? trigger_price trigger_price_type symbol deadline",
    ),
  ],
  ["cancel_order", parameters("order_id* cl_ord_id* order_userref*")],
  ["cancel_all", parameters("")],
  ["cancel_all_orders_after", parameters("timeout")],
  ["batch_cancel", parameters("orders* cl_ord_id*")],
]);

const CHANNEL = "channel token snapshot";

/** The `params` of `subscribe` and `unsubscribe` by channel. Public channels accept a token, too, because sockets with a token may send it. */
export const CHANNEL_PARAMETERS: ReadonlyMap<string, Parameters> = new Map<string, Parameters>([
  ["executions", parameters(`${CHANNEL} snap_orders snap_trades order_status ratecounter rebased users*`)],
  ["balances", parameters(`${CHANNEL} rebased users*`)],
  ["ticker", parameters(`${CHANNEL} symbol* event_trigger`)],
  ["trade", parameters(`${CHANNEL} symbol*`)],
  ["book", parameters(`${CHANNEL} symbol* depth`)],
  ["level3", parameters(`${CHANNEL} symbol* depth`)],
  ["ohlc", parameters(`${CHANNEL} symbol* interval`)],
  ["instrument", parameters(`${CHANNEL} include_tokenized_assets execution_venue`)],
]);
