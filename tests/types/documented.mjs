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
    "OTC: another product, for clients of the desk; `call<T>()` makes them.",
  "`Pay/…`": "Kraken Pay: another product; `call<T>()` makes them.",
  "…PrimeApiUser…, …PrimeSettlementBatch…": "Prime: another product; `call<T>()` makes them.",
  "`/v0/insto/custody/…`": "Custody: another product, with paths of its own.",
  "OAuth, Embed": "Other products, with tokens in place of signatures.",
};
