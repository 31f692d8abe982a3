// The units of nonces. The command line, `explainNonce` and the workbench read this list.

/** A unit in which programs make nonces from the time. */
export interface NonceUnitDescription {
  /** The name, for programs. */
  readonly name: string;
  /** The name, for people. */
  readonly title: string;
  /** Programs, languages and functions that are known to make such nonces. */
  readonly usedBy: string;
  /** Whether clients of Kraken use it, so that it is worth comparing with any nonce. */
  readonly isCommon: boolean;
  /** Returns the nonce for a time in milliseconds since 1970. */
  at(time: number): bigint;
  /** Returns the milliseconds since 1970 that a nonce stands for; with `places`, that many of its last digits are behind a decimal point. */
  timeOf(nonce: bigint, places?: number): bigint;
}

/** Nonces for each millisecond, as a fraction. */
type Rate = readonly [numerator: bigint, denominator: bigint];

/** @param offset - milliseconds from the time zero of the unit to 1970 */
const unit = (
  [name, title, usedBy]: readonly [string, string, string],
  [numerator, denominator]: Rate,
  offset = 0n,
  isCommon = true,
): NonceUnitDescription => ({
  name,
  title,
  usedBy,
  isCommon,
  at: (time) => ((BigInt(Math.floor(time)) + offset) * numerator) / denominator,
  timeOf: (nonce, places = 0) => (nonce * denominator) / (numerator * 10n ** BigInt(places)) - offset,
});

/** Days since 1899-12-30, as Excel, VBA and OLE count them. */
const days = (name: string, title: string, perDay: bigint): NonceUnitDescription =>
  unit([name, title, "Now() of Excel, VBA and OLE"], [perDay, 86_400_000n], 2_209_161_600_000n, false);

/** The numbers of digits of an Excel day behind the point, if a program removes the point. */
const PLACES = [0n, 2n, 4n, 5n, 6n, 7n, 8n, 9n, 10n, 11n, 12n];

/** Milliseconds from the time zero of .NET, in the year 1, and from that of Windows, in 1601, to 1970. */
const [DOT_NET, WINDOWS] = [62_135_596_800_000n, 11_644_473_600_000n];

/**
 * The units in which nonces count the time: those that clients of Kraken use, from the highest numbers to the lowest, and then others.
 *
 * @example
 * ```ts
 * for (const { title, usedBy, at } of NONCE_UNITS) console.log(title, usedBy, at(Date.now()));
 * ```
 */
export const NONCE_UNITS: readonly NonceUnitDescription[] = [
  unit(["us1024", "microseconds × 1024", "Ruby clients that shift microseconds by 10 bits"], [1_024_000n, 1n]),
  unit(["ns", "nanoseconds", "Kraken’s Rust SDK and command line, time.time_ns() of Python"], [1_000_000n, 1n]),
  unit(["ticks", ".NET ticks", "Kraken.Net, DateTime.UtcNow.Ticks of .NET"], [10_000n, 1n], DOT_NET),
  unit(["10ns", "tens of nanoseconds", "python-kraken-sdk"], [100_000n, 1n]),
  unit(["us", "microseconds", "ts-kraken, kraken-api, nautilus, Kraken’s PHP sample"], [1_000n, 1n]),
  unit(["ms", "milliseconds", "this package, ccxt, krakenex, node-kraken-api"], [1n, 1n]),
  unit(["s", "seconds", "hummingbot, time() of many languages"], [1n, 1000n]),
  unit(["100ns", "tenths of microseconds", "Ticks since 1970 of .NET"], [10_000n, 1n], 0n, false),
  unit(["100us", "tenths of milliseconds", "microtime(true) of PHP without its point"], [10n, 1n], 0n, false),
  unit(["100us65536", "tenths of milliseconds × 65536", "Ruby clients that add 16 random bits"], [655_360n, 1n], 0n, false),
  unit(["filetime", "Windows FILETIME", "DateTime.ToFileTimeUtc() of .NET"], [10_000n, 1n], WINDOWS, false),
  days("excel-ms", "milliseconds of Excel days", 86_400_000n),
  days("excel-s", "seconds of Excel days", 86_400n),
  ...PLACES.map((places) => days(`excel-${places}`, `Excel days${places ? ` × 10^${places}` : ""}`, 10n ** places)),
];
