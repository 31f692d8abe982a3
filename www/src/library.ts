// What the page and its worker use of the package. It is a script of its own, so that both run the same text.
export { NonceSource, Signer, Totp } from "kraken-signer";
export {
  InvalidNonceError,
  InvalidSecretError,
  KrakenError,
  MISTAKES,
  NONCE_UNITS,
  capturedRequests,
  explain,
  explainNonce,
  investigate,
  mistakes,
  parseOtpauth,
} from "kraken-signer/inspect";
