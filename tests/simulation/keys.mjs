// API keys as a strict exchange knows them: signatures, nonces, windows and one-time passwords.
import { createHash, createHmac } from "node:crypto";
import { genuine } from "./load.mjs";

const { Signer, Totp } = genuine();

/** `[name, secret]`; the names are as long as Kraken's. */
const SECRETS = ["A", "B", "C", "D"].map((letter) => [
  `SIMULATION-${letter}`.padEnd(56, "x"),
  Buffer.alloc(64, `${letter} is for the simulation`).toString("base64"),
]);
const SIGNERS = new Map(SECRETS.map(([name, secret]) => [name, new Signer(secret)]));

export const SETUP_KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const totp = new Totp(SETUP_KEY);

const sha256 = (text) => createHash("sha256").update(text).digest();
const hmac = (secret, ...parts) => {
  const made = createHmac("sha512", Buffer.from(secret, "base64"));
  for (const part of parts) made.update(part);
  return made.digest("base64");
};

/** One API key. */
export class ApiKey {
  /** The highest nonce that was accepted. */
  mark = 0n;
  #used = new Set();
  #spentCodes = new Set();

  /**
   * @param place - which of the secrets it has
   * @param window - how far below the highest nonce one may still be, in the nonce's own unit
   * @param otp - `undefined`, "code" or "single-use"
   * @param strict - signatures are verified with node:crypto, not with the package's own signer
   */
  constructor(place, { window = 0, otp, strict = false } = {}) {
    [this.name, this.secret] = SECRETS[place];
    this.window = window;
    this.otp = otp;
    this.strict = strict;
  }

  /** Whether this is the signature of a Spot request. */
  signsSpot(signature, path, nonce, body) {
    const right = this.strict ? hmac(this.secret, path, sha256(nonce + body)) : SIGNERS.get(this.name).signSpot(path, nonce, body);
    return signature === right;
  }

  /** Whether this is the signature of a Futures request. */
  signsFutures(signature, path, nonce, data) {
    const right = this.strict ? hmac(this.secret, sha256(data + nonce + path)) : SIGNERS.get(this.name).signFutures(path, data, nonce);
    return signature === right;
  }

  /** Takes a nonce, or refuses it: each once, and none at or below the mark, or where there is a window, below that. */
  takes(digits) {
    if (!/^\d{1,20}$/.test(digits)) return false;
    const nonce = BigInt(digits);
    if (nonce <= this.mark - BigInt(this.window) || this.#used.has(nonce) || (nonce <= this.mark && !this.window)) return false;
    if (this.window) this.#used.add(nonce);
    if (nonce > this.mark) this.mark = nonce;
    return true;
  }

  /** Whether a code is right at this time, or was so many periods before, and spends it if it is for once only. */
  admits(code, time, window) {
    if (!this.otp) return code === undefined;
    if (typeof code !== "string" || !totp.verify(code, { at: time, window }) || this.#spentCodes.has(code)) return false;
    if (this.otp === "single-use") this.#spentCodes.add(code);
    return true;
  }
}

export const NAMES = SECRETS.map(([name]) => name);
