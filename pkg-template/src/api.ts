export type { KeyReport } from "./check.js";
export type { Credential, Otp } from "./credentials.js";
export type { CallOptions, ClientOptions, ClientSettings } from "./dispatch.js";
export type { FuturesEndpoint, SpotEndpoint } from "./apis.js";
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
  TimeoutError,
  UnknownOutcomeError,
  type ErrorCode,
  type ErrorKind,
} from "./errors.js";
export { FuturesClient } from "./futures.js";
export type { SignedRequest } from "./http.js";
export type { Lane } from "./lane.js";
export { NonceSource, type NonceSourceOptions, type NonceUnit } from "./nonce.js";
export { clientOrderId } from "./order-id.js";
export type { Param, Params } from "./params.js";
export { Signer, type Nonce } from "./signer.js";
export { SpotClient, type SpotCallOptions, type SpotRequestOptions } from "./spot.js";
export { TokenManager } from "./tokens.js";
export { Totp, type TotpOptions } from "./totp.js";
