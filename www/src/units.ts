// Nonce units, and the dates that nonces stand for.

/** A unit of time that tools use for nonces. */
export interface Unit {
  id: string;
  name: string;
  /** The tools that are known to use it. */
  tools: string;
  /** The number of units in a second. */
  perSecond: bigint;
  /** The count at the start of 1970. */
  epoch: bigint;
}

const since1970 = (id: string, name: string, perSecond: bigint, tools: string): Unit => ({ id, name, tools, perSecond, epoch: 0n });

/** All units, from the highest numbers to the lowest. */
export const UNITS: readonly Unit[] = [
  since1970("ns", "nanoseconds", 1_000_000_000n, "Kraken’s Rust SDK and command line"),
  // Ticks count from the year 1.
  { id: "ticks", name: ".NET ticks", tools: "Kraken.Net", perSecond: 10_000_000n, epoch: 621_355_968_000_000_000n },
  since1970("10ns", "10 nanoseconds", 100_000_000n, "python-kraken-sdk"),
  since1970("us", "microseconds", 1_000_000n, "ts-kraken, kraken-api, nautilus, Kraken’s PHP sample"),
  since1970("ms", "milliseconds", 1_000n, "this package, ccxt, krakenex, node-kraken-api"),
  since1970("s", "seconds", 1n, "hummingbot"),
];

/** Returns the nonce in a unit for a time in milliseconds since 1970. */
export const count = ({ perSecond, epoch }: Unit, time: number): bigint => epoch + (BigInt(Math.floor(time)) * perSecond) / 1000n;

/** Returns the time that a nonce in a unit stands for, in milliseconds since 1970. */
export const meant = ({ perSecond, epoch }: Unit, nonce: bigint): bigint => ((nonce - epoch) * 1000n) / perSecond;

const FORMAT = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23", timeZone: "UTC" });
const YEAR = 31_556_952_000n;

/** Formats a time as a date, or as a year if it is far away. */
export function inWords(time: bigint): string {
  const year = 1970n + (time - (time < 0n ? YEAR - 1n : 0n)) / YEAR;
  if (year < 1n) return "before the year 1";
  if (year > 9999n || year < 1000n) return `the year ${year.toLocaleString("en-US")}`;
  return `${FORMAT.format(Number(time))} UTC`;
}

/** Returns the unit in which a nonce stands for the time closest to now. */
export function likeliest(nonce: bigint, now: number): Unit {
  const distance = (unit: Unit): bigint => {
    const away = meant(unit, nonce) - BigInt(Math.floor(now));
    return away < 0n ? -away : away;
  };
  return UNITS.reduce((best, unit) => (distance(unit) < distance(best) ? unit : best));
}
