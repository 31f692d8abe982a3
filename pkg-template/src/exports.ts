// The public API of the entries `kraken-signer` and `kraken-signer/slim`.
export type { CallEvent, ErrorEvent, Hooks, KeySetAsideEvent, RequestEvent, ResponseEvent, RetryEvent } from "./rest/hooks.js";
export type { CheckOptions, KeyReport, MissingPermission } from "./rest/key-report.js";
export type { Credential, Otp } from "./rest/credentials.js";
export type { CallOptions } from "./rest/call.js";
export type { ClientOptions, ClientSettings, FuturesClientOptions, SpotClientOptions } from "./rest/options.js";
export type { RateCounter, RateLimit } from "./rest/rate-options.js";
export { MarketNames } from "./market/names.js";
export { type PairPrecision, type RoundingDirection, leastVolume, roundPrice, roundVolume } from "./market/rounding.js";
export {
  type FuturesPages,
  type HistoryOf,
  type HistoryParams,
  type HistoryRow,
  type PagesOptions,
  type SpotPages,
  pages,
} from "./rest/pages.js";
export type { FuturesEndpoint, FuturesEndpoints, FuturesName, FuturesParams, FuturesResult } from "./rest/futures/endpoints.js";
export type { SpotEndpoint, SpotEndpoints, SpotParams, SpotResult } from "./rest/spot/endpoints.js";
export {
  ApiError,
  HttpError,
  InvalidNonceError,
  InvalidOtpKeyError,
  InvalidRequestError,
  InvalidSecretError,
  KrakenError,
  NetworkError,
  ResponseError,
  SecretSourceError,
  TimeoutError,
  UnknownOutcomeError,
  type AnyKrakenError,
  type ErrorCode,
  type ErrorKind,
} from "./errors.js";
export { FuturesClient } from "./rest/futures/client.js";
export type { Fetch, FetchAnswer, FetchOptions } from "./rest/http/fetch.js";
export type { SignedRequest } from "./rest/http/exchange.js";
export type { Lane } from "./lane/lane.js";
export type { Charge, CountedOrder, FoundOrders, RateStore, Taken } from "./lane/rates.js";
export { ThreadLane, type ThreadLaneOptions } from "./lane/thread.js";
export { NonceSource, type NonceSourceOptions, type NonceStore, type NonceUnit } from "./signing/nonce.js";
export { type DeadMansSwitch, type DeadMansSwitchOptions, type SwitchFailure, deadMansSwitch } from "./orders/dead-mans-switch.js";
export type { FoundOrder } from "./orders/look.js";
export { type OrderOf, type PlaceOptions, type Placed, placeOrder } from "./orders/place.js";
export { type OrderResolution, type ResolveOptions, resolveOrder } from "./orders/resolve.js";
export {
  type WithdrawalCheck,
  type WithdrawalLookOptions,
  type WithdrawOptions,
  type Withdrawn,
  checkWithdrawal,
  withdraw,
} from "./treasury/withdraw.js";
export { clientOrderId } from "./signing/client-order-id.js";
export type { Param, Params } from "./rest/request/encode.js";
export { Signer, type Nonce } from "./signing/signer.js";
export { SpotClient, type SpotCallOptions, type SpotRequestOptions } from "./rest/spot/client.js";
export { TokenManager } from "./rest/spot/tokens.js";
export { Totp, type TotpOptions } from "./signing/totp.js";
