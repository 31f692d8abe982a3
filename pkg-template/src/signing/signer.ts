import { checked } from "../wasm/memory.js";
import { described } from "../checks.js";
import { InvalidNonceError, InvalidRequestError } from "../errors.js";
import { type KeyHandle, KeyHolder } from "../wasm/key-handle.js";
import { secretKey, sign } from "./secret.js";

/** An integer from 0 to 2^64-1. A `number` only up to 2^53-1, where it is exact. */
export type Nonce = bigint | string | number;

/**
 * One private key, and the signatures made with it. Synchronous, without I/O.
 *
 * Of the key, only the two SHA-512 states that HMAC derives from it are kept, outside the JavaScript heap; `free()` wipes
 * them. (A string it was constructed from is JavaScript's, and cannot be wiped.)
 */
export class Signer extends KeyHolder {
  readonly #key: KeyHandle;

  /**
   * @param secret the private key in base64, as Kraken shows it, or its decoded bytes
   * @throws {@link InvalidSecretError} says what is wrong with the key, and where, without showing it
   */
  constructor(secret: string | Uint8Array) {
    super();
    this.#key = secretKey(secret);
  }

  /**
   * `API-Sign` of a Spot request: base64(HMAC-SHA512(secret, path ‖ SHA-256(nonce ‖ body))).
   *
   * @param path the request target, from `/0/private/…` on, with the query if there is one
   * @param nonce the nonce that stands in the body, or in the header `API-Nonce`
   * @param body exactly what is sent; text is signed as UTF-8
   */
  signSpot(path: string, nonce: Nonce, body: string | Uint8Array = ""): string {
    return sign(this.#key, 0, checkedPath(path), decimal(nonce), checked(body, "body"));
  }

  /**
   * `Authent` of a Futures request: base64(HMAC-SHA512(secret, SHA-256(postData ‖ nonce ‖ endpointPath))).
   *
   * @param endpointPath the path without its query; a leading `/derivatives` is not signed
   * @param postData the encoded form exactly as sent: the query of a GET, the body of a POST or PUT
   * @param nonce what the header `Nonce` says; left out if there is none
   */
  signFutures(endpointPath: string, postData: string | Uint8Array = "", nonce?: Nonce): string {
    const digits = nonce === undefined ? "" : decimal(nonce);
    return sign(this.#key, 1, checkedPath(endpointPath), digits, checked(postData, "postData"));
  }

  /** The signed challenge of the Futures WebSocket: base64(HMAC-SHA512(secret, SHA-256(challenge))). */
  signChallenge(challenge: string): string {
    if (typeof challenge !== "string" || !challenge)
      throw new InvalidRequestError(`Invalid challenge: expected the text that the server sent, got ${described(challenge)}.`);
    return sign(this.#key, 1, "", "", checked(challenge, "challenge"));
  }

  /**
   * The Password (554) of a FIX logon.
   *
   * @param message `35=A␁34=<MsgSeqNum>␁49=<SenderCompID>␁56=KRAKEN-TRD␁553=<API key>␁`, with U+0001 for ␁, also at the end
   * @param nonce milliseconds since 1970, as in tag 5025
   */
  signFixLogon(message: string, nonce: Nonce): string {
    if (typeof message !== "string" || !message.endsWith("\u0001")) {
      throw new InvalidRequestError("Invalid FIX message: expected fields that each end with U+0001, the last one too.");
    }
    return sign(this.#key, 1, "", decimal(nonce), checked(message, "message"));
  }

  /** Wipes the key. A second call does nothing; any other call throws then. */
  override free(): void {
    this.#key.free();
  }
}

/** A path is sent as it stands, so it has to be percent-encoded already. */
function checkedPath(path: string): string {
  if (typeof path !== "string")
    throw new InvalidRequestError(`Invalid path: expected text such as "/0/private/Balance", got ${described(path)}.`);
  if (!path.startsWith("/"))
    throw new InvalidRequestError('Invalid path: it does not begin with /. Pass the whole path, such as "/0/private/Balance".');
  if (!/^[!-~]*$/.test(path))
    throw new InvalidRequestError("Invalid path: it has a character that has to be percent-encoded, such as a blank.");
  if (path.length > 8192) throw new InvalidRequestError(`Invalid path: at most 8192 characters are signed, and it has ${path.length}.`);
  return path;
}

/** The digits of a nonce, which the binary checks. What it cannot be given as it is becomes something that it refuses for the same reason. */
function decimal(nonce: Nonce): string {
  switch (typeof nonce) {
    case "bigint":
      return BigInt.asUintN(64, nonce) === nonce ? `${nonce}` : nonce < 0n ? "-" : "9".repeat(20);
    case "string":
      // Nothing must not look like «no nonce»; what is longer cannot be one.
      return nonce && nonce.length < 41 ? nonce : "-";
    case "number":
      if (Number.isSafeInteger(nonce) && nonce >= 0) return `${nonce}`;
  }
  const what = typeof nonce === "number" ? `${nonce as number}` : described(nonce);
  throw new InvalidNonceError(`Invalid nonce: expected a bigint, a string of digits, or a whole number from 0 to 2^53-1, got ${what}.`);
}
