// Every REST endpoint in the index of docs.kraken.com (llms-full.txt, August 2026), by Kraken's OpenAPI files.

const words = (text) => text.trim().split(/\s+/);

/** spot-rest.yaml */
export const spot = words(`
  Time SystemStatus Assets AssetPairs Ticker OHLC Depth GroupedBook Level3 Trades Spread PreTrade PostTrade
  Balance BalanceEx CreditLines TradeBalance TradeVolume OpenOrders ClosedOrders QueryOrders OrderAmends TradesHistory QueryTrades
  OpenPositions Ledgers QueryLedgers AddExport ExportStatus RetrieveExport RemoveExport GetApiKeyInfo
  AddOrder AddOrderBatch AmendOrder EditOrder CancelOrder CancelOrderBatch CancelAll CancelAllOrdersAfter GetWebSocketsToken
  DepositMethods DepositAddresses DepositStatus WithdrawMethods WithdrawAddresses WithdrawInfo Withdraw WithdrawStatus WithdrawCancel
  WalletTransfer CreateSubaccount AccountTransfer
  Earn/Allocate Earn/Deallocate Earn/AllocateStatus Earn/DeallocateStatus Earn/Strategies Earn/Allocations
`);

/** futures-rest.yaml, and the files for authentication, charts and history. */
export const futures = [
  ...words(`
    GET:instruments GET:instruments/status GET:instruments/{symbol}/status GET:trading/instruments
    GET:tickers GET:tickers/{symbol} GET:orderbook GET:history GET:historical-funding-rates GET:feeschedules GET:feeschedules/volumes
    GET:accounts GET:openpositions GET:unwindqueue GET:notifications
    GET:portfolio-margining/parameters POST:portfolio-margining/simulate
    GET:leveragepreferences PUT:leveragepreferences GET:pnlpreferences PUT:pnlpreferences
    GET:self-trade-strategy PUT:self-trade-strategy GET:subaccounts
    GET:subaccount/{subaccountUid}/trading-enabled PUT:subaccount/{subaccountUid}/trading-enabled
    GET:assignmentprogram/current GET:assignmentprogram/history POST:assignmentprogram/add POST:assignmentprogram/delete
    GET:fills GET:openorders POST:orders/status POST:sendorder POST:editorder POST:cancelorder POST:batchorder
    POST:cancelallorders POST:cancelallordersafter
    POST:transfer POST:transfer/subaccount POST:withdrawal
    GET:rfqs GET:rfqs/{rfqUid} GET:rfqs/open-rfqs POST:rfqs/open-rfqs DELETE:rfqs/open-rfqs/{rfqUid}
    POST:rfqs/open-rfqs/accept-offer/{rfqUid} GET:rfqs/open-offers GET:rfqs/closed-offers
    POST:rfqs/place-offer/{rfqUid} DELETE:rfqs/cancel-offer/{rfqUid}
    GET:/api/auth/v1/api-keys/v3/check
    GET:/api/charts/v1/ GET:/api/charts/v1/{tick_type} GET:/api/charts/v1/{tick_type}/{symbol}
    GET:/api/charts/v1/{tick_type}/{symbol}/{resolution}
    GET:/api/charts/v1/analytics/liquidity-pool GET:/api/charts/v1/analytics/{symbol}/{analytics_type}
  `),
  ...words("executions orders triggers positions account-log accountlogcsv").map((name) => `GET:/api/history/v3/${name}`),
  ...words("executions orders price").map((name) => `GET:/api/history/v3/market/{tradeable}/${name}`),
];

/** What is documented and not typed, and why. */
export const outside = {
  "`/funding/v1/…`, `/funding/v2/…`":
    "Funding (Beta): paths of their own, which `request` of SpotClient signs; the documentation calls them beta.",
  "CheckOtcClient, CreateOtcQuoteRequest, GetOtcActiveQuotes, GetOtcExposures, GetOtcHistoricalQuotes, GetOtcPairs, UpdateOtcQuote":
    "OTC: another product, with customers of its own; `call<T>()` makes them.",
  "`Pay/…`": "Kraken Pay: another product; `call<T>()` makes them.",
  "…PrimeApiUser…, …PrimeSettlementBatch…": "Prime: another product; `call<T>()` makes them.",
  "`/v0/insto/custody/…`": "Custody: another product, with paths of its own.",
  "OAuth, Embed": "Other products, with tokens in place of signatures.",
  "`rfqs/{rfqUid}/place-offer`, `rfqs/{rfqUid}/replace-offer`, `rfqs/{rfqUid}/cancel-offer`":
    "Older pages of the documentation, for the demo exchange: its current files have other paths for two of them, and no third.",
  "Unified WebSocket": "No REST: a new host with messages of version 2, so far for Derivatives only. The sockets do not know it.",
};

/** Results that have more fields than their types name, and why. */
export const open = {
  SystemStatus:
    "Kraken does not document which fields an incident in `emergency` has: those that Kraken mentions are typed, and any others are `unknown`.",
};

/** Where the answers of recorded/ come from, whose values were then changed. */
export const sources = {
  "Spot, market data":
    "Kraken.Net's tests and Kraken's documentation; GroupedBook, Level3, PreTrade and PostTrade: gocryptotrader's tests of 2026; PostTrade with identifiers of tokens: another Go client's test",
  "Spot, account, trading, funding, earn, subaccounts":
    "Kraken.Net's tests, kraken-async-rs's tests and Kraken's documentation; CreditLines: tests of two Go clients, and an example of the documentation",
  "Futures, market data":
    "Kraken.Net's tests, python-kraken-sdk's documentation (status of an instrument, charts, market histories), ccxt's comments (funding rates of version 4); analytics: the test of a client of 2026",
  "Futures, account, trading, transfers":
    "Kraken.Net's tests, Kraken's OpenAPI files (market shares: only these) and python-kraken-sdk's documentation",
  "Futures, histories":
    "Kraken.Net's tests, ccxt's comments (orders) and python-kraken-sdk's documentation (triggers). Most of them are of version 2; version 3 has the same shapes where both are known",
};

const file = "A file, no JSON.";
const demo = "On the demo exchange only: there is no published answer.";
const program = "For accounts that take part in Kraken's programs: there is no published answer.";

/** Why an endpoint has no recorded answer. */
export const unrecorded = {
  MaintenanceSchedule: "New in 2026, and in no client's tests yet.",
  ListWalletAccounts: "New in 2026, and in no client's tests yet.",
  RetrieveExport: file,
  "GET:trading/instruments": "Private, and there is no published answer; documented to have the shape of `instruments`.",
  "GET:/api/charts/v1/analytics/liquidity-pool": "There is no published answer; the shape is that of the other analytics.",
  "GET:assignmentprogram/current": program,
  "GET:assignmentprogram/history": program,
  "POST:assignmentprogram/add": program,
  "POST:assignmentprogram/delete": program,
  "GET:portfolio-margining/parameters": demo,
  "POST:portfolio-margining/simulate": demo,
  "GET:rfqs": demo,
  "GET:rfqs/{rfqUid}": demo,
  "GET:rfqs/open-rfqs": demo,
  "GET:rfqs/open-offers": demo,
  "GET:rfqs/closed-offers": demo,
  "POST:rfqs/open-rfqs": demo,
  "POST:rfqs/open-rfqs/accept-offer/{rfqUid}": demo,
  "DELETE:rfqs/open-rfqs/{rfqUid}": demo,
  "POST:rfqs/place-offer/{rfqUid}": demo,
  "DELETE:rfqs/cancel-offer/{rfqUid}": demo,
  "GET:/api/history/v2/accountlogcsv": file,
  "GET:/api/history/v3/accountlogcsv": file,
  "GET:transfers": "Not in the documentation any more, and in no client's tests.",
};
