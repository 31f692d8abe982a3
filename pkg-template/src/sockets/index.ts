/**
 * Kraken's private WebSockets, on the standard `WebSocket` of the runtime: `SpotSocket` (version 2) and `FuturesSocket`.
 * @packageDocumentation
 */

export type { ConnectionOptions, ReconnectOptions, WebSocketConstructor, WebSocketLike } from "./connection.js";
export { FuturesSocket, type FuturesSocketEvent, type FuturesSocketOptions, type FuturesSubscription } from "./futures.js";
export type {
  FuturesFeed,
  FuturesFillReport,
  FuturesMessage,
  FuturesOrderReport,
  FuturesPositionReport,
  OtherFuturesMessage,
} from "./futures-messages.js";
export type { Overflow } from "./inbox.js";
export type { SocketCallOptions } from "./requests.js";
export type { SocketEvent, SocketOptions } from "./socket.js";
export { SpotSocket, type SpotSocketEvent, type SpotSocketOptions } from "./spot.js";
export type {
  BalanceReport,
  BookReport,
  ExecutionReport,
  NewOrder,
  OhlcReport,
  OtherMessage,
  SpotChannel,
  SpotMessage,
  SpotMethods,
  SpotSubscription,
  StatusReport,
  TickerReport,
  TradeReport,
} from "./spot-messages.js";
