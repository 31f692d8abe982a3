/** Exact decimals as integers of 10⁻¹⁸, because money in binary floating point is somebody else's bug report. */

const PLACES = 18;
const ONE = 10n ** BigInt(PLACES);

/** `undefined` unless `text` is a plain, unsigned decimal with at most 18 places (no exponent, no sign, no white space). */
export function parseDecimal(text: string | undefined): bigint | undefined {
  const match = /^(\d{1,30})(?:\.(\d{0,18}))?$|^\.(\d{1,18})$/.exec(text ?? "");
  if (!match) return undefined;
  return BigInt(match[1] ?? "0") * ONE + BigInt((match[2] ?? match[3] ?? "").padEnd(PLACES, "0"));
}

/** A decimal known to be one. */
export function decimal(text: string): bigint {
  const value = parseDecimal(text);
  if (value === undefined) throw new TypeError("not a plain decimal number");
  return value;
}

/** Truncates towards zero to exactly `places` places. */
export function formatDecimal(value: bigint, places: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(PLACES + 1, "0");
  const whole = digits.slice(0, -PLACES);
  const fraction = digits.slice(-PLACES).slice(0, places);
  return `${value < 0n ? "-" : ""}${whole}${places > 0 ? `.${fraction}` : ""}`;
}

/** The nearest JavaScript number, for answers that write numbers; by way of text, since 10¹⁸ is beyond exact integers. */
export function toNumber(value: bigint): number {
  return Number(formatDecimal(value, PLACES));
}

export function multiply(a: bigint, b: bigint): bigint {
  return (a * b) / ONE;
}

export function divide(a: bigint, b: bigint): bigint {
  return (a * ONE) / b;
}

/** How many places a decimal text uses, trailing zeros not counted. */
export function places(text: string): number {
  return (text.split(".")[1] ?? "").replace(/0+$/, "").length;
}
