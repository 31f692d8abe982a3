// Nonce units, and the dates that nonces stand for.
import type { NonceUnitDescription } from "kraken-signer/inspect";
import { NONCE_UNITS, explainNonce } from "./library";

/** The units that clients of Kraken use, from the highest numbers to the lowest. */
export const UNITS: readonly NonceUnitDescription[] = NONCE_UNITS.filter(({ isCommon }) => isCommon);

const FORMAT = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23", timeZone: "UTC" });
const YEAR = 31_556_952_000n;

/** Formats a time as a date, or as a year if it is far away. */
export function inWords(time: bigint): string {
  const year = 1970n + (time - (time < 0n ? YEAR - 1n : 0n)) / YEAR;
  if (year < 1n) return "before the year 1";
  if (year > 9999n || year < 1000n) return `the year ${year.toLocaleString("en-US")}`;
  return `${FORMAT.format(Number(time))} UTC`;
}

/** Returns the unit that a nonce most probably has, among {@link UNITS}; the one with the closest time if it is no sensible time. */
export function likeliest(nonce: bigint, now: number): NonceUnitDescription {
  const likely = explainNonce(nonce, { now }).likely.flatMap(({ unit }) => UNITS.find(({ name }) => name === unit) ?? []);
  const distance = (unit: NonceUnitDescription): bigint => {
    const away = unit.timeOf(nonce) - BigInt(Math.floor(now));
    return away < 0n ? -away : away;
  };
  return likely[0] ?? UNITS.reduce((best, unit) => (distance(unit) < distance(best) ? unit : best));
}
