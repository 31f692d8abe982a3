/**
 * A simulated Kraken for tests. It checks signatures, nonces and their window, OTPs, permissions, expiry and tokens, and fails on request.
 * @packageDocumentation
 */

export { Exchange } from "./exchange.js";
export type { Disturbance, DisturbGateway, DisturbLate, DisturbOptions, DisturbReset, DisturbTwice, Span } from "./http/disturb.js";
export type { BookLevel, ExchangeMarket, MarketTrade, WalkOptions } from "./market/exchange-market.js";
export type { Fault, FaultMoment, FaultTarget, InjectOptions, Injection, Meanwhile } from "./http/faults.js";
export type { GatewayAnswer, GatewayShape } from "./http/gateway.js";
export type { ExchangeKey, FuturesKeyOptions, OtpOptions, Product, SpotKeyOptions, SpotPermission, TotpOptions } from "./keys.js";
export type { OtpAlgorithm } from "./crypto.js";
export type { CounterOptions, LockoutOptions, RateLimitOptions, Tier } from "./limits.js";
export type { ExchangeServer, ListenOptions } from "./listen.js";
export type { Params, Value } from "./parameters/received.js";
export type { Assumptions, ExchangeOptions, WithdrawAddressOptions } from "./options.js";
export type { Execution, ReceivedRequest, Verdict } from "./records.js";
export type { RawMessage, SocketFault, SocketInjectOptions, SocketMoment, SocketPoint } from "./socket/faults.js";
export type { SocketSettings } from "./socket/hub.js";
export type { ExchangeWebSocket } from "./socket/memory.js";
export type { ExchangeSocket } from "./socket/session.js";
export type { WebSocketToken } from "./spot/tokens.js";
export type { Timers } from "./http/waiting.js";
export type { ExchangeAnswer, ExchangeRequest, Handler } from "./http/wire.js";
