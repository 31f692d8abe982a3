import { described } from "../checks.js";
import { InvalidNonceError } from "../errors.js";
import { type NonceText, nonceText } from "./nonce-text.js";
import { NONCE_UNITS } from "./nonce-units.js";

/** The time that a nonce stands for in one unit. */
export interface NonceReading {
  /** The name of the unit, as in {@link NONCE_UNITS}; or that of a notation: `hex-ms`, `date-17`. */
  readonly unit: string;
  /** The name of the unit, for people. */
  readonly title: string;
  /** Programs, languages and functions that make such nonces. */
  readonly usedBy: string;
  /** The nonce that a clock in this unit gives now; absent for formats of a date. */
  readonly clock?: string;
  /** The time that the nonce stands for: ISO 8601 if the year has four digits, otherwise only the year. */
  readonly date: string;
  /** The same time in milliseconds since 1970; infinite if a `Date` cannot represent it. */
  readonly time: number;
  /** Milliseconds until a clock in this unit passes the nonce; 0 if it has. Kraken rejects lower nonces until then. */
  readonly wait: number;
  /** The same for people: `passed`, `in 3 days`, `never in this century`. */
  readonly passes: string;
  /** Whether a program may have made the nonce in this unit: a time after Kraken began, and at most ten years ahead. */
  readonly isLikely: boolean;
}

/** The units that a nonce may have, and what follows for a key that has used it. */
export interface NonceExplanation {
  /** The nonce, as it was given. */
  readonly nonce: string;
  /** Why Kraken does not accept it as a nonce; absent if it is a whole number of 64 bits. */
  readonly problem?: string;
  /** The units that it probably has, the most likely first; empty if it is no sensible time in any of them. */
  readonly likely: readonly NonceReading[];
  /** The nonce in every common unit and in the other likely ones, from the highest numbers to the lowest. */
  readonly readings: readonly NonceReading[];
  /** Sentences that say what it may be if it is no time, and what follows if it is the highest nonce of a key. */
  readonly advice: readonly string[];
}

const KRAKEN_BEGAN = Date.UTC(2011, 6);
const DAY = 86_400_000;
const YEAR = 365.25 * DAY;

const CENTURY_ENDS = Date.UTC(2101, 0);

/** The limit of a JavaScript Date, in milliseconds. */
const CALENDAR = 8_640_000_000_000_000n;

/** The units that {@link NonceSource} makes. */
const OWN = ["ms", "us", "ns"];

/** Formats a time as a date, or as a year if it is far away. */
function dateOf(time: number): string {
  if (!Number.isFinite(time)) return "beyond any calendar";
  const date = new Date(time).toISOString();
  return /^\d{4}-/.test(date) ? date : `year ${Number(date.replace(/^([+-]\d+)-.*/, "$1"))}`;
}

/** Describes when a time comes. */
function passing(time: number, now: number): string {
  const wait = time - now;
  if (wait <= 0) return "passed";
  if (time > CENTURY_ENDS) return "never in this century";
  const [unit, length] = (
    [
      ["years", YEAR],
      ["days", DAY],
      ["hours", DAY / 24],
      ["minutes", 60_000],
    ] as const
  ).find(([, one]) => wait >= 2 * one) ?? ["seconds", 1000];
  return `in ${Math.round(wait / length)} ${unit}`;
}

/** Reads a time. */
function readingOf(
  [unit, title, usedBy]: readonly [string, string, string],
  exact: bigint,
  clock: bigint | undefined,
  now: number,
): NonceReading {
  const time = exact > CALENDAR ? Infinity : exact < -CALENDAR ? -Infinity : Number(exact);
  const isLikely = time > KRAKEN_BEGAN && time < now + 10 * YEAR;
  const wait = Math.max(time - now, 0);
  const reading = { unit, title, usedBy, date: dateOf(time), time, wait, passes: passing(time, now), isLikely };
  return clock === undefined ? reading : { ...reading, clock: `${clock}` };
}

/** Reads a number in the common units, and in those in which it is a sensible time. */
const fromUnits = ({ digits, places }: NonNullable<NonceText["number"]>, now: number): NonceReading[] =>
  NONCE_UNITS.flatMap(({ name, title, usedBy, isCommon, timeOf, at }) => {
    const reading = readingOf([name, title, usedBy], timeOf(digits, places), at(now), now);
    return isCommon || reading.isLikely ? reading : [];
  });

/** Units that programs print in hexadecimal. */
const IN_HEX = ["s", "ms", "us", "ns"];

/** Reads hexadecimal digits. Units in which they are no sensible time are left out. */
const fromHex = (hex: bigint, now: number): NonceReading[] =>
  fromUnits({ digits: hex, places: 0 }, now)
    .filter(({ unit, isLikely }) => isLikely && IN_HEX.includes(unit))
    .map((reading) => ({
      ...reading,
      unit: `hex-${reading.unit}`,
      title: `${reading.title} in hexadecimal`,
      usedBy: "programs that write the number in hexadecimal",
      clock: BigInt(reading.clock ?? 0).toString(16),
    }));

/** Ranks likely readings: by the distance to now, and a time in the future counts four times, because clocks are rarely ahead. */
const unlikelihood = ({ time }: NonceReading, now: number): number => (time > now + DAY ? 4 * (time - now) : Math.abs(now - time));

/** Says what a number may be that is no time. */
const COUNT =
  "It may be a counter, or count from the start of a machine or a program, as System.nanoTime() of Java, process.hrtime() and performance.now() of JavaScript do. " +
  "Such a number stands for no date. After a restart, it begins again lower, and Kraken rejects it.";

const list = (titles: readonly string[]): string => titles.join(" and ");

/** Says what follows if a nonce is the highest one of a key. */
function consequences(readings: readonly NonceReading[]): string[] {
  const own = readings.filter(({ unit }) => OWN.includes(unit)).reverse();
  const titles = (isAbove: boolean): string[] => own.filter(({ wait }) => (wait === 0) === isAbove).map(({ title }) => title);
  const [above, below] = [titles(true), titles(false)];
  const milliseconds = own.find(({ unit }) => unit === "ms");
  if (!milliseconds?.wait)
    return ["If it is the highest nonce of a key, nonces in milliseconds are above it, and so are those in finer units."];
  const until = milliseconds.time > CENTURY_ENDS ? "permanently" : `until ${milliseconds.date}`;
  const units = above.length
    ? `Nonces in ${list(above)} are above it: use ${above.length > 1 ? "one of these units" : "this unit"} in every program of the key, or a new key.`
    : "No unit of this package is above it: use a new key.";
  return [
    `If it is the highest nonce of a key, Kraken rejects nonces in milliseconds ${until}${below.length > 1 ? `, and those in ${list(below.slice(1))}` : ""}. ${units}`,
  ];
}

/** Units of functions that give, or can give, the local time. The first time zone is 14 hours ahead of UTC. */
const [LOCAL, FIRST_ZONE] = [/^(excel|date|ticks)/, 14.25 * (DAY / 24)];

/** Says that the clock of the machine that made a nonce was ahead. */
function ahead({ unit, title, passes, time }: NonceReading, now: number): string[] {
  if (time <= now + 60_000) return [];
  const zone = LOCAL.test(unit) && time < now + FIRST_ZONE ? "it is the local time of a time zone ahead of UTC, or " : "";
  return [`In ${title}, a clock reaches it ${passes}: ${zone}the clock of the machine that made it was ahead, or the unit is another one.`];
}

/**
 * Explains a nonce: the time that it stands for in each unit, which units are likely, and when a clock in each unit passes it. Besides whole numbers, it
 * takes what programs send by mistake: a fraction, an exponent, hexadecimal digits, and dates such as `20261124120000000`.
 *
 * @param options - `now`: the present time in milliseconds since 1970; by default, that of the clock
 * @throws InvalidNonceError if it is nothing that a program would send as a nonce
 *
 * @example
 * ```ts
 * const { likely, readings } = explainNonce("1700000000000000");
 * console.log(likely[0]?.title); // microseconds
 * for (const { title, date, passes } of readings) console.log(title, date, passes);
 * ```
 */
export function explainNonce(
  nonce: string | bigint | number,
  options: {
    /** The present time in milliseconds since 1970; by default, that of the clock. */
    readonly now?: number;
  } = {},
): NonceExplanation {
  const { now = Date.now() } = options;
  const given = typeof nonce === "number" || typeof nonce === "bigint" ? `${nonce}` : nonce;
  const text = typeof given === "string" ? nonceText(given) : undefined;
  if (!text)
    throw new InvalidNonceError(
      `Invalid nonce: expected digits, with a fraction, an exponent or in hexadecimal, got ${typeof given === "string" ? JSON.stringify(given.slice(0, 40)) : described(given)}.`,
    );
  const { number, hex, dates, problem } = text;
  const decimal = [
    ...(number ? fromUnits(number, now) : []),
    ...dates.map(({ name, format, time }) =>
      readingOf([name, format, "programs that write a date as digits"], BigInt(time), undefined, now),
    ),
  ].filter(({ isLikely, unit }) => isLikely || !unit.startsWith("date"));
  // Digits without letters are hexadecimal only if they make no sense otherwise.
  const isDecimal = hex === undefined || decimal.some(({ isLikely }) => isLikely);
  const readings = isDecimal ? decimal : [...decimal, ...fromHex(hex, now)];
  const likely = readings.filter(({ isLikely }) => isLikely).sort((a, b) => unlikelihood(a, now) - unlikelihood(b, now));
  const isCount = !likely.length && number !== undefined && number.digits / 10n ** BigInt(number.places) < 10n ** 17n;
  return {
    nonce: given as string,
    ...(problem !== undefined && { problem }),
    likely,
    readings,
    advice: [
      ...(isCount ? [COUNT] : []),
      ...(likely[0] ? ahead(likely[0], now) : []),
      ...(problem === undefined ? consequences(readings) : []),
    ],
  };
}
