/** Exact decimals as integers of 10⁻¹⁸, because binary floating point cannot represent amounts of money. */

const PLACES = 18;
const ONE = 10n ** BigInt(PLACES);

/** Parses a plain, unsigned decimal with at most 18 places. Returns `undefined` for an exponent, a sign or white space. */
export function parseDecimal(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^(?:\d{1,30}(?:\.\d{0,18})?|\.\d{1,18})$/.test(text)) return undefined;
  const point = text.indexOf(".");
  const [whole, fraction] = point < 0 ? [text, ""] : [text.slice(0, point), text.slice(point + 1)];
  return BigInt(whole + fraction.padEnd(PLACES, "0"));
}

/** Parses a decimal that is known to be valid. */
export function decimal(text: string): bigint {
  const value = parseDecimal(text);
  if (value === undefined) throw new TypeError("not a plain decimal number");
  return value;
}

/** Formats a value with exactly `places` places, truncated towards zero. */
export function formatDecimal(value: bigint, places: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(PLACES + 1, "0");
  const whole = digits.slice(0, -PLACES);
  const fraction = digits.slice(-PLACES).slice(0, places);
  return `${value < 0n ? "-" : ""}${whole}${places > 0 ? `.${fraction}` : ""}`;
}

/** Returns the nearest JavaScript number, for answers with numbers. It is parsed from text, because 10¹⁸ is above the exact integers. */
export function toNumber(value: bigint): number {
  return Number(formatDecimal(value, PLACES));
}

/** The smallest values with 0 to 18 places. */
const UNITS = Array.from({ length: PLACES + 1 }, (_, places) => 10n ** BigInt(PLACES - places));

/** Returns a value without the places after the first `places`, as amounts are booked. */
export function cut(value: bigint, places: number): bigint {
  return value - (value % (UNITS[places] ?? 1n));
}

export function multiply(a: bigint, b: bigint): bigint {
  return (a * b) / ONE;
}

export function divide(a: bigint, b: bigint): bigint {
  return (a * ONE) / b;
}

/** Returns the number of places of a decimal text, without trailing zeros. */
export function places(text: string): number {
  return (text.split(".")[1] ?? "").replace(/0+$/, "").length;
}
