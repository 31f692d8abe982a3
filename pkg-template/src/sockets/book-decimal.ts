// Exact arithmetic with prices and volumes, which are plain decimal text, such as "0.00005100".

const PLAIN = /^\d+(?:\.\d+)?$/;
const SCIENTIFIC = /^(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,2})$/;

/** Converts a number to plain decimal text; `undefined` if it is negative or not a number. Kraken sends no exponents here, but might. */
export function plainDecimal(text: unknown): string | undefined {
  if (typeof text !== "string") return undefined;
  if (PLAIN.test(text)) return text;
  const [, whole, fraction = "", exponent] = SCIENTIFIC.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const point = whole.length + Number(exponent);
  const digits = `${"0".repeat(Math.max(0, 1 - point))}${whole}${fraction}`;
  const at = Math.max(1, point);
  return digits.length > at ? `${digits.slice(0, at)}.${digits.slice(at)}` : digits.padEnd(at, "0");
}

/** Returns the number of decimals. */
export const scaleOf = (text: string): number => (text.includes(".") ? text.length - text.indexOf(".") - 1 : 0);

/** Returns a decimal as an integer, in units of 10^-scale. */
const unitsOf = (text: string, scale: number): bigint => BigInt(text.replace(".", "") + "0".repeat(scale - scaleOf(text)));

function textOf(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const sign = units < 0n ? "-" : "";
  return scale ? `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}` : `${sign}${digits}`;
}

/** Compares two decimals. Returns a negative number if the first is smaller, a positive one if it is larger, and 0 if they are equal. */
export function compareDecimals(one: string, other: string): number {
  const scale = Math.max(scaleOf(one), scaleOf(other));
  const difference = unitsOf(one, scale) - unitsOf(other, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Subtracts the second decimal from the first. */
export function differenceOf(one: string, other: string): string {
  const scale = Math.max(scaleOf(one), scaleOf(other));
  return textOf(unitsOf(one, scale) - unitsOf(other, scale), scale);
}

/** Returns the exact middle between two decimals. It may have one more decimal than they have. */
export function middleOf(one: string, other: string): string {
  const scale = Math.max(scaleOf(one), scaleOf(other));
  const sum = unitsOf(one, scale) + unitsOf(other, scale);
  return sum % 2n ? textOf(sum * 5n, scale + 1) : textOf(sum / 2n, scale);
}
