import { checked } from "../wasm/memory.js";
import { described } from "../checks.js";
import { InvalidNonceError, InvalidRequestError, need } from "../errors.js";
import { type KeyHandle, KeyHolder } from "../wasm/key-handle.js";
import { secretKey, sign } from "./secret.js";

/** A nonce: an integer from 0 to 2^64-1. A `number` can be at most 2^53-1, because larger ones are not exact. */
export type Nonce = bigint | string | number;

/**
 * Signs requests with one private key. It is synchronous and does no I/O.
 *
 * Only the two SHA-512 states that HMAC derives from the key are kept, outside the JavaScript heap. `free()` wipes them. (JavaScript strings cannot be
 * wiped, so the string that you pass stays in memory.)
 *
 * @example
 * ```ts
 * const signer = new Signer(secret);
 * const nonce = new NonceSource().next();
 * const body = `nonce=${nonce}`;
 * const signature = signer.signSpot("/0/private/Balance", nonce, body); // the header API-Sign
 * ```
 */
export class Signer extends KeyHolder {
  readonly #key: KeyHandle;

  /**
   * @param secret the private key in base64, as Kraken shows it, or its decoded bytes
   * @throws InvalidSecretError if the key is malformed. The message says what is wrong and where, without showing the key.
   */
  constructor(secret: string | Uint8Array) {
    super();
    need(arguments.length < 2, "Signer: expected the private key alone. Leave the API key out.");
    this.#key = secretKey(secret);
  }

  /**
   * Returns the header `API-Sign` of a Spot request: base64(HMAC-SHA512(secret, path ‖ SHA-256(nonce ‖ body))).
   *
   * @param path the path, such as `/0/private/Balance`, with its query if there is one
   * @param nonce the nonce in the body, or in the header `API-Nonce`
   * @param body the body exactly as sent; text is signed as UTF-8
   */
  signSpot(path: string, nonce: Nonce, body: string | Uint8Array = ""): string {
    return sign(this.#key, 0, checkedPath(path, "/0/private/Balance"), decimal(nonce), checked(body, "body"));
  }

  /**
   * Returns the header `Authent` of a Futures request: base64(HMAC-SHA512(secret, SHA-256(postData ‖ nonce ‖ endpointPath))).
   *
   * @param endpointPath the path without its query; a leading `/derivatives` is not signed
   * @param postData the encoded form exactly as sent: the query of a GET, the body of a POST or PUT
   * @param nonce the value of the header `Nonce`, if there is one
   */
  signFutures(endpointPath: string, postData: string | Uint8Array = "", nonce?: Nonce): string {
    const digits = nonce === undefined ? "" : decimal(nonce);
    return sign(this.#key, 1, checkedPath(endpointPath, "/derivatives/api/v3/accounts"), digits, checked(postData, "postData"));
  }

  /** Returns the signed challenge of the Futures WebSocket: base64(HMAC-SHA512(secret, SHA-256(challenge))). */
  signChallenge(challenge: string): string {
    if (typeof challenge !== "string" || !challenge)
      throw new InvalidRequestError(`Invalid challenge: expected the text that the server sent, got ${described(challenge)}.`);
    return sign(this.#key, 1, "", "", checked(challenge, "challenge"));
  }

  /**
   * Returns the Password (554) of a FIX logon.
   *
   * @param message `35=A␁34=<MsgSeqNum>␁49=<SenderCompID>␁56=KRAKEN-TRD␁553=<API key>␁`, with U+0001 for ␁, also at the end
   * @param nonce milliseconds since 1970, as in tag 5025
   */
  signFixLogon(message: string, nonce: Nonce): string {
    need(
      typeof message === "string" && message.endsWith("\u0001"),
      "Invalid FIX message: expected fields that each end with U+0001, including the last one.",
    );
    return sign(this.#key, 1, "", decimal(nonce), checked(message, "message"));
  }

  /** Wipes the key. Calling it again does nothing; every other method throws afterwards. */
  override free(): void {
    this.#key.free();
  }
}

/** Checks a path. It is sent as it is, so it must be percent-encoded already. */
function checkedPath(path: string, example: string): string {
  if (typeof path !== "string") throw new InvalidRequestError(`Invalid path: expected text such as "${example}", got ${described(path)}.`);
  if (!path.startsWith("/"))
    throw new InvalidRequestError(`Invalid path: it does not begin with /. Pass the path without the host, such as "${example}".`);
  need(/^[!-~]*$/.test(path), "Invalid path: it contains a character that must be percent-encoded, such as a space.");
  if (path.length > 8192) throw new InvalidRequestError(`Invalid path: expected at most 8192 characters, got ${path.length}.`);
  return path;
}

/** Returns the digits of a nonce, which the binary checks. A nonce that cannot be passed on becomes digits that the binary refuses for the same reason. */
function decimal(nonce: Nonce): string {
  switch (typeof nonce) {
    case "bigint":
      return BigInt.asUintN(64, nonce) === nonce ? `${nonce}` : nonce < 0n ? "-" : "9".repeat(20);
    case "string":
      // An empty string must not mean "no nonce". A long string cannot be a nonce.
      return nonce && nonce.length < 41 ? nonce : "-";
    case "number":
      if (Number.isSafeInteger(nonce) && nonce >= 0) return `${nonce}`;
  }
  const what = typeof nonce === "number" ? `${nonce as number}` : described(nonce);
  throw new InvalidNonceError(`Invalid nonce: expected a bigint, a string of digits, or an integer from 0 to 2^53-1, got ${what}.`);
}
