import { type Endpoint, type Proof, type Row, type Structure, isSet, isText, isTrue, property, withCount, withText } from "../endpoint.js";

/** A private endpoint that changes nothing. */
const read = (permissions: string, more: Partial<Endpoint> = {}): Endpoint => ({ method: "POST", permissions, write: false, ...more });

/** A private endpoint that changes something, and what proves that it did. */
const write = (permissions: string, proof: Proof, more: Partial<Endpoint> = {}): Endpoint => ({
  method: "POST",
  permissions,
  write: true,
  proof,
  ...more,
});

const open: Endpoint = { method: "GET", isPublic: true, permissions: "", write: false };

const onlyValidates = ({ validate }: Structure, result: unknown): boolean =>
  isSet(validate) && typeof property(result, "descr") === "object" && property(result, "descr") !== null;

/** An order has a transaction id; one that was only validated has a description instead. */
const placed: Proof = (result, params) => {
  const ids = property(result, "txid");
  const isPlaced = Array.isArray(ids) && ids.length > 0 && ids.every(isText);
  return isPlaced || (ids === undefined && onlyValidates(params, result)) ? "done" : "unknown";
};

/** One row of a batch: an error in words, or a transaction id (text, or a list as for one order). */
function placedRow(row: unknown, params: Structure): Row {
  const error = property(row, "error");
  const id = property(row, "txid");
  if (error !== undefined) return isText(error) && id === undefined ? { refused: error } : "unknown";
  if (isText(id)) return "done";
  return placed(row, params) as Row;
}

const batchPlaced: Proof = (result, params) => {
  const rows = property(result, "orders");
  const asked = params.orders;
  if (!Array.isArray(rows) || !rows.length || (Array.isArray(asked) && asked.length !== rows.length)) return "unknown";
  return rows.map((row) => placedRow(row, params));
};

/** EditOrder may say in its result that it failed. */
const edited: Proof = (result, params) => {
  const status = property(result, "status");
  const problem = property(result, "error_message");
  if (isText(problem) || (status !== undefined && !/^ok$/i.test(`${status as string}`)))
    return isText(problem) && !isText(property(result, "txid")) ? { refused: problem } : "unknown";
  return isText(property(result, "txid")) || onlyValidates(params, result) ? "done" : "unknown";
};

const withdrawalCancelled: Proof = (result) =>
  result === true ? "done" : result === false ? { refused: "EFunding:Not cancelled" } : "unknown";

const exportRemoved: Proof = (result) => (property(result, "delete") === true || property(result, "cancel") === true ? "done" : "unknown");

const addressMade: Proof = (result) =>
  Array.isArray(result) && result.length > 0 && result.every((row) => isText(property(row, "address"))) ? "done" : "unknown";

/**
 * `POST /0/private/<name>`, and for public ones `GET /0/public/<name>`. GetWebSocketsToken changes nothing that matters: a second token harms
 * nobody.
 *
 * Sources: docs.kraken.com, «API Key Permissions Required», parameters and answers of each endpoint, November 2026; permissions are named as
 * GetApiKeyInfo names them.
 */
export const spotEndpoints = {
  GetApiKeyInfo: read(""),

  Balance: read("query-funds"),
  BalanceEx: read("query-funds"),
  CreditLines: read("query-funds"),
  TradeBalance: read("query-open-trades"),
  TradeVolume: read("query-funds"),
  OpenOrders: read("query-open-trades"),
  ClosedOrders: read("query-closed-trades"),
  QueryOrders: read("query-open-trades|query-closed-trades"),
  OrderAmends: read("query-open-trades|query-closed-trades"),
  TradesHistory: read("query-closed-trades"),
  QueryTrades: read("query-closed-trades"),
  OpenPositions: read("query-open-trades"),
  Level3: read("query-open-trades"),
  Ledgers: read("query-ledger"),
  QueryLedgers: read("query-ledger"),

  AddExport: write("export-data", withText("id")),
  ExportStatus: read("export-data"),
  RetrieveExport: read("export-data", { file: true }),
  RemoveExport: write("export-data", exportRemoved),

  AddOrder: write("modify-trades", placed),
  AddOrderBatch: write("modify-trades&close-trades", batchPlaced, { json: true }),
  EditOrder: write("modify-trades&close-trades", edited),
  AmendOrder: write("modify-trades|close-trades", withText("amend_id")),
  CancelOrder: write("modify-trades|close-trades", withCount("count")),
  CancelOrderBatch: write("modify-trades|close-trades", withCount("count"), { json: true }),
  CancelAll: write("modify-trades|close-trades", withCount("count")),
  CancelAllOrdersAfter: write("modify-trades|close-trades", withText("triggerTime")),
  GetWebSocketsToken: read("create-ws-token"),

  DepositMethods: read("query-funds&add-funds"),
  DepositAddresses: read("query-funds", {
    write: ({ new: makes }) => makes !== undefined && makes !== false && makes !== "false",
    proof: addressMade,
  }),
  DepositStatus: read("query-funds"),
  WithdrawMethods: read("query-funds&withdraw-funds"),
  WithdrawAddresses: read("query-funds&withdraw-funds"),
  WithdrawInfo: read("query-funds&withdraw-funds"),
  WithdrawStatus: read("withdraw-funds|query-ledger"),
  Withdraw: write("withdraw-funds", withText("refid")),
  WithdrawCancel: write("withdraw-funds", withdrawalCancelled),
  WalletTransfer: write("query-funds", withText("refid")),

  CreateSubaccount: write("withdraw-funds", isTrue),
  AccountTransfer: write("withdraw-funds", withText("transfer_id")),

  "Earn/Strategies": read(""),
  "Earn/Allocations": read("earn-funds|query-funds"),
  "Earn/AllocateStatus": read("earn-funds|query-funds"),
  "Earn/DeallocateStatus": read("earn-funds|query-funds"),
  "Earn/Allocate": write("earn-funds", isTrue),
  "Earn/Deallocate": write("earn-funds", isTrue),

  Time: open,
  SystemStatus: open,
  Assets: open,
  AssetPairs: open,
  Ticker: open,
  OHLC: open,
  Depth: open,
  GroupedBook: open,
  Trades: open,
  Spread: open,
  PreTrade: open,
  PostTrade: open,
} as const satisfies Readonly<Record<string, Endpoint>>;

/** Parameters whose list is joined by commas, separated by spaces. */
export const spotLists = "txid id asset pair oflags fields";

/** Parameters that are seconds since 1970, so that a `Date` can be given; it is rounded down. Separated by spaces. */
export const spotDates = "start end starttm endtm expiretm";

/** Spot endpoints that are known; any other name may be given too, and counts as one that changes something. */
export type SpotEndpoint = keyof typeof spotEndpoints | (string & {});
