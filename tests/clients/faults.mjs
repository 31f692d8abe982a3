// What does not work, by table, client and row: whose fault that is, why, and the error by which the test knows it again. A row that
// is here and works fails the test as well.

/** The client's own fault. */
const theirs = (reason, error) => ({ whose: "client", reason, error });
/** What the exchange lacks; docs/testing.md says so. */
const ours = (reason, error) => ({ whose: "exchange", reason, error });

const ARCHIVE = (how) => theirs(`reads the archive as ${how}`, /zip archive|JSONDecodeError/);
const LIST = theirs("writes the list into the form otherwise than it signs it, and Kraken takes JSON here", /EAPI:Bad request/);
const REASON = theirs(
  "wants `reason` to be text; Kraken's recorded answers have null for an order that was filled",
  /reason\s+Input should be a valid string/,
);
const PUBLIC_ORDERS = ours("the history of everybody's orders is not there", /notFound/);

const NO_PRICE = theirs("leaves the price of Futures orders out, on purpose", /\+ +price: undefined/);

export const FAULTS = {
  "Spot, REST": {
    ccxt: { "exports: AddExport, ExportStatus, RetrieveExport, RemoveExport": ARCHIVE("text") },
    krakenex: {
      "exports: AddExport, ExportStatus, RetrieveExport, RemoveExport": ARCHIVE("JSON"),
      AddOrderBatch: LIST,
      CancelOrderBatch: LIST,
    },
    "typed-kraken": {
      TradeVolume: theirs("wants `inputs`, which Kraken's recorded answers lack", /inputs\s+Field required/),
      ClosedOrders: REASON,
      "ClosedOrders, from a time on": REASON,
      OrderAmends: theirs(
        "takes times for nanoseconds, as documented; Kraken's recorded answers have milliseconds",
        /timestamp: 1\d{3}\.\d+ instead of 1\d{12}\b/,
      ),
      WithdrawMethods: theirs("wants `fee`, which Kraken's recorded answers lack", /fee\s+Field required/),
      WithdrawStatus: theirs(
        "wants `txid` to be text; Kraken's recorded answers have null before there is one",
        /txid\s+Input should be a valid string/,
      ),
    },
  },
  "Futures, REST": {
    ccxt: { "history of a market: orders": PUBLIC_ORDERS },
    "python-kraken-sdk": { "history of a market: orders": PUBLIC_ORDERS },
  },
  "ccxt's unified methods": {
    "ccxt.krakenfutures": {
      fetchOrder: NO_PRICE,
      fetchOpenOrders: NO_PRICE,
      fetchClosedOrders: NO_PRICE,
      fetchLedger: ours(
        "the account log has one row for a trade, that of the position, where Kraken has another of the money",
        /no entry of money/,
      ),
      "setLeverage, fetchLeverage": theirs(
        "reads leverage with a parameter that Kraken does not document; `lenient` takes it",
        /invalidArgument/,
      ),
    },
  },
  "Spot, WebSockets": {
    "ccxt.pro": {
      "own orders: canceled": theirs(
        "loses symbol, price and volume of an order whose later messages are short, as Kraken's are",
        /status: 'canceled'/,
      ),
    },
    "node-kraken-api": { "version 1: ticker": ours("version 1 of Spot's WebSocket is not there", /404|Unexpected server response/) },
  },
};
