import { InvalidNonceError } from "../errors.js";
import { FLOOR, clock } from "../signing/clock.js";

/** How many there are of each unit in a millisecond. */
const PER_MILLISECOND = { ms: 1n, us: 1_000n, ns: 1_000_000n };

const DAY = 86_400_000;

/** No key has seen a clock before 2010: Kraken opened in 2011. */
const FIRST = 1_262_304_000_000;

/** No clock is believed from the year 2200 on, as in the core. */
const LAST = 7_258_118_400_000;

/** What 64 bits hold. */
const HIGHEST = 18_446_744_073_709_551_615n;

/** What is known of the lane that gave a nonce. A {@link Lane} can say it itself. */
export interface NonceRules {
  /** What its nonces count. If it is not known, it is taken from their size. */
  readonly unit?: string | undefined;
  /** Nonces may be ahead of the clock, or count something else: they are not compared with it. */
  readonly allowAhead?: boolean | undefined;
  /** Milliseconds since 1970; by default the wall clock, as far as it agrees with the monotonic one. */
  readonly now?: number | undefined;
}

/** This moment as a nonce in a unit. */
export const inUnit = (milliseconds: number, unit: keyof typeof PER_MILLISECOND): bigint =>
  BigInt(Math.floor(milliseconds)) * PER_MILLISECOND[unit];

/** The last moment that a nonce may stand for, in milliseconds. A clock that was never set proves nothing, so that almost all may pass. */
const lastMoment = (now: number): number => (now >= FLOOR ? now + DAY : LAST);

/** The highest nonce in this unit that may be sent now: a day ahead of the clock. */
export const highestNonce = (unit: keyof typeof PER_MILLISECOND, now: number = clock.now()): bigint => inUnit(lastMoment(now), unit);

/**
 * Refuses a nonce that is none, or that is more than a day ahead of the clock: Kraken would refuse all lower ones from then on, so that the key
 * could not be used any more.
 *
 * @throws InvalidNonceError
 */
export function checkNonce(nonce: unknown, rules: NonceRules = {}): asserts nonce is string {
  if (typeof nonce !== "string")
    throw new InvalidNonceError(`A lane gives its nonce as a string of digits, but this one gave a value of type ${typeof nonce}.`);
  if (!/^(0|[1-9]\d{0,19})$/.test(nonce) || BigInt(nonce) > HIGHEST)
    throw new InvalidNonceError("A lane gives an integer from 0 to 2^64-1 as its nonce, in digits without leading zeros.");
  const { unit, allowAhead, now = clock.now() } = rules;
  if (allowAhead === true) return;
  const number = BigInt(nonce);
  if (unit === "ms" || unit === "us" || unit === "ns") {
    if (number <= highestNonce(unit, now)) return;
    throw new InvalidNonceError(
      `The nonce ${nonce} (${unit}) is ${distance(number, unit, now)} ahead of the clock. Nothing was sent: Kraken would have refused every lower ` +
        "nonce of this key from then on. If the key's last nonce really is that high, say so with allowAhead.",
    );
  }
  if (isPlausible(number, now)) return;
  throw new InvalidNonceError(
    `The nonce ${nonce} is no time in ms, us or ns up to a day ahead of the clock. Nothing was sent: Kraken would have refused every lower ` +
      "nonce of this key from then on. If this lane counts something else, give it the property allowAhead with the value true.",
  );
}

/** Whether a nonce of unknown unit is at most a day ahead of the clock: lower than all clocks, or the time since 2010 in one of the units. */
function isPlausible(nonce: bigint, now: number): boolean {
  return (["ms", "us", "ns"] as const).some((unit) => nonce <= highestNonce(unit, now) && (unit === "ms" || nonce >= inUnit(FIRST, unit)));
}

/** How far ahead of the clock a nonce is, for people. */
function distance(nonce: bigint, unit: keyof typeof PER_MILLISECOND, now: number): string {
  const days = Number((nonce - inUnit(now, unit)) / PER_MILLISECOND[unit]) / DAY;
  return days < 700 ? `${Math.round(days)} days` : `${Math.round(days / 365.25)} years`;
}
