import { InvalidNonceError } from "../errors.js";
import { FLOOR, clock } from "../signing/clock.js";

/** The number of each unit in a millisecond. */
const PER_MILLISECOND = { ms: 1n, us: 1_000n, ns: 1_000_000n };

const DAY = 86_400_000;

/** 2010-01-01. No nonce is a time before that, because Kraken opened in 2011. */
const FIRST = 1_262_304_000_000;

/** 2200-01-01. A clock is not trusted from then on, as in the Rust core. */
const LAST = 7_258_118_400_000;

/** 2^64-1. */
const HIGHEST = 18_446_744_073_709_551_615n;

/** The known properties of a lane's nonces. A {@link Lane} has these properties itself. */
export interface NonceRules {
  /** The unit of the nonces. If it is not known, it is derived from their size. */
  readonly unit?: string | undefined;
  /** Whether nonces may be ahead of the clock, or count something else. Then they are not compared with the clock. */
  readonly allowAhead?: boolean | undefined;
  /** Milliseconds since 1970; by default the wall clock, as long as it agrees with the monotonic one. */
  readonly now?: number | undefined;
}

/** Converts a time to a nonce in a unit. */
export const inUnit = (milliseconds: number, unit: keyof typeof PER_MILLISECOND): bigint =>
  BigInt(Math.floor(milliseconds)) * PER_MILLISECOND[unit];

/** Returns the latest time that a nonce may have, in milliseconds. A clock that was never set proves nothing, so almost every nonce passes then. */
const lastMoment = (now: number): number => (now >= FLOOR ? now + DAY : LAST);

/** Returns the highest nonce in this unit that may be sent now: a day ahead of the clock. */
export const highestNonce = (unit: keyof typeof PER_MILLISECOND, now: number = clock.now()): bigint => inUnit(lastMoment(now), unit);

/**
 * Refuses a nonce that is malformed or more than a day ahead of the clock. Kraken would reject every lower nonce after that one, so the key would
 * be unusable.
 *
 * @returns the nonce
 * @throws InvalidNonceError
 */
export function checkNonce(nonce: unknown, rules: NonceRules = {}): bigint {
  if (typeof nonce !== "string")
    throw new InvalidNonceError(`Invalid nonce from the lane: expected a string of digits, got a value of type ${typeof nonce}.`);
  const number = /^(0|[1-9]\d{0,19})$/.test(nonce) ? BigInt(nonce) : HIGHEST + 1n;
  if (number > HIGHEST)
    throw new InvalidNonceError("Invalid nonce from the lane: expected an integer from 0 to 2^64-1, in digits without leading zeros.");
  const { unit, allowAhead, now = clock.now() } = rules;
  if (allowAhead === true) return number;
  if (unit === "ms" || unit === "us" || unit === "ns") {
    if (number <= highestNonce(unit, now)) return number;
    throw new InvalidNonceError(
      `The nonce ${nonce} (${unit}) is ${distance(number, unit, now)} ahead of the clock. Nothing was sent, because Kraken would reject every lower ` +
        "nonce of this key afterwards. If the key's highest nonce really is that high, set `allowAhead: true`.",
    );
  }
  if (isPlausible(number, now)) return number;
  throw new InvalidNonceError(
    `The nonce ${nonce} is not a time in ms, us or ns up to a day ahead of the clock. Nothing was sent, because Kraken would reject every lower ` +
      "nonce of this key afterwards. If this lane counts something else, give it the property `allowAhead: true`.",
  );
}

/** Whether a nonce of unknown unit is at most a day ahead of the clock: it is below every time, or a time since 2010 in one of the units. */
function isPlausible(nonce: bigint, now: number): boolean {
  return (["ms", "us", "ns"] as const).some((unit) => nonce <= highestNonce(unit, now) && (unit === "ms" || nonce >= inUnit(FIRST, unit)));
}

/** Returns how far a nonce is ahead of the clock, as text. */
function distance(nonce: bigint, unit: keyof typeof PER_MILLISECOND, now: number): string {
  const days = Number((nonce - inUnit(now, unit)) / PER_MILLISECOND[unit]) / DAY;
  return days < 700 ? `${Math.round(days)} days` : `${Math.round(days / 365.25)} years`;
}
