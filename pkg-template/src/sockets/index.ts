/**
 * Clients of Kraken's WebSockets, on the standard `WebSocket` of the runtime: `SpotSocket` (version 2), `FuturesSocket`, and `OrderBook`.
 * @packageDocumentation
 */

export type { ConnectionOptions, ReconnectOptions, WebSocketConstructor, WebSocketLike } from "./connection.js";
export { FuturesSocket, type FuturesSocketEvent, type FuturesSocketOptions, type FuturesSubscription } from "./futures.js";
export type {
  FuturesFeed,
  FuturesFillReport,
  FuturesMessage,
  FuturesOrderReport,
  FuturesMarginReport,
  FuturesPositionReport,
  FuturesTransferReport,
  KnownFuturesFeed,
  OtherFuturesMessage,
} from "./futures-messages.js";
export type { BookLevel } from "./book-levels.js";
export type { BookDepth, BookState, OrderBookEvent, OrderBookOptions, OutOfSyncReason } from "./book-state.js";
export type { Overflow } from "./inbox.js";
export { OrderBook } from "./order-book.js";
export type { SocketCallOptions } from "./requests.js";
export type { SocketEvent, SocketOptions } from "./socket.js";
export { SpotSocket, type SpotSocketEvent, type SpotSocketOptions } from "./spot.js";
export type {
  BookReport,
  BookReportLevel,
  BookSubscription,
  InstrumentAsset,
  InstrumentPair,
  InstrumentReport,
  InstrumentSubscription,
  Level3Order,
  Level3Report,
  Level3Subscription,
  OhlcReport,
  OhlcSubscription,
  StatusReport,
  TickerReport,
  TickerSubscription,
  TradeReport,
  TradeSubscription,
} from "./spot-market.js";
export type {
  BalanceReport,
  BalancesSubscription,
  ExecutionReport,
  ExecutionsSubscription,
  OtherMessage,
  SpotChannel,
  SpotMessage,
  SpotSubscription,
  SpotSubscriptionOf,
  SpotSubscriptions,
} from "./spot-messages.js";
export type {
  BatchAddParams,
  BatchCancelParams,
  ConditionalOrder,
  NamedOrder,
  NewOrder,
  OrderTrigger,
  PlacedOrder,
  SocketAmendOrderParams,
  SocketAmendedOrder,
  SocketCancelOrderParams,
  SocketCashOrder,
  SocketEditOrderParams,
  SocketIcebergOrder,
  SocketLimitOrder,
  SocketMarketOrder,
  SocketOrderKind,
  SocketOrderParams,
  SocketOrderRequest,
  SocketPriceType,
  SocketSettlePositionOrder,
  SocketTrailingStopLimitOrder,
  SocketTriggeredLimitOrder,
  SocketTriggeredOrder,
  SpotMethods,
} from "./spot-trading.js";
