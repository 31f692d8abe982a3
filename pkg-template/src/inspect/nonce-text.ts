/** A number with a decimal point, as an integer and the number of its digits behind the point. */
interface Decimal {
  readonly digits: bigint;
  readonly places: number;
}

/** A text that a program sends as a nonce, by the notations that it may be in. */
export interface NonceText {
  /** Its value, if it is a decimal number. */
  readonly number?: Decimal;
  /** Its value, if it is hexadecimal. */
  readonly hex?: bigint;
  /** The times, if it is a date. */
  readonly dates: readonly DateText[];
  /** Why Kraken does not accept it as a nonce. */
  readonly problem?: string;
}

/** A date without separators. */
interface DateText {
  readonly name: string;
  readonly format: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** The fields of dates, in the order of their digits, by the number of digits of the whole. */
const FORMATS: readonly (readonly [name: string, format: string, pattern: RegExp])[] = [
  ["date-12", "yyMMddHHmmss", /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/],
  ["date-14", "yyyyMMddHHmmss", /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/],
  ["date-15", "yyMMddHHmmssfff", /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})$/],
  ["date-17", "yyyyMMddHHmmssfff", /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})$/],
  ["date-18", "yyMMddHHmmssffffff", /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})\d{3}$/],
  ["date-20", "yyyyMMddHHmmssffffff", /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})\d{3}$/],
];

/** Reads the fields of a date; `undefined` if one of them is out of range, because then it is another number. */
function timeOf(fields: readonly string[]): number | undefined {
  const [years = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, milli = 0] = fields.map(Number);
  const year = years < 100 ? years + 2000 : years;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second, milli));
  const isSame = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  return isSame && minute < 60 && second < 60 ? date.getTime() : undefined;
}

function datesIn(text: string): DateText[] {
  return FORMATS.flatMap(([name, format, pattern]) => {
    const [, ...fields] = pattern.exec(text) ?? [];
    const time = fields.length ? timeOf(fields) : undefined;
    return time === undefined ? [] : { name, format, time };
  });
}

/** Reads a decimal number with a fraction, or an exponent as of a floating-point number. */
function decimalIn(text: string): Decimal | undefined {
  const [, whole, fraction = "", exponent = "0"] = /^(\d{1,40})(?:\.(\d{0,40}))?(?:e\+?(\d{1,2}))?$/i.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const places = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return places < 0 ? { digits: digits * 10n ** BigInt(-places), places: 0 } : { digits, places };
}

/** Says why Kraken does not accept a text as a nonce. */
function problemOf(text: string): string | undefined {
  const must = "A nonce is a whole number from 0 to 2^64-1, in decimal digits.";
  if (/^\d+$/.test(text)) return BigInt(text) < 2n ** 64n ? undefined : `It is too high. ${must}`;
  if (/^\d+\.\d*$/.test(text)) return `It has a fraction. ${must}`;
  return /^[\d.]+e/i.test(text) && !/^[\da-f]+$/i.test(text) ? `It has an exponent. ${must}` : `It is not in decimal digits. ${must}`;
}

/** Groups of three digits, with one of the separators that people and languages use, and what may be behind a decimal point. */
const GROUPS = /^(\d{1,3}([,._ '’\u00a0\u202f])\d{3}(?:\2\d{3})*)((?:(?!\2)[.,]\d*)?)$/;

/** Removes the separators of groups of digits, and makes a point of a decimal comma. */
function withoutSeparators(text: string): string {
  const [, whole = "", separator = "", fraction = ""] = GROUPS.exec(text) ?? [];
  // A single point is a decimal point.
  const isGrouped = whole && (separator !== "." || fraction || whole.split(".").length > 2);
  return isGrouped ? whole.replaceAll(separator, "") + fraction.replace(",", ".") : text.replace(/^(\d+),(\d*(?:e\+?\d+)?)$/i, "$1.$2");
}

/**
 * Reads a text in each notation that it may be in; `undefined` if there is none. Groups of digits may be separated, and the whole quoted, with the name
 * of the parameter before it, or with the `n` that JavaScript prints after a BigInt.
 */
export function nonceText(given: string): NonceText | undefined {
  const [, , inner = ""] = /^(?:"?nonce"?\s*[=:]\s*)?(["']?)(.{1,80}?)\1n?$/i.exec(given.trim()) ?? [];
  const [text = ""] = /^[\da-fx.+]+$/i.exec(withoutSeparators(inner)) ?? [];
  const number = decimalIn(text);
  const [, digits] = /^(?:0x)?([\da-f]{1,24})$/i.exec(text) ?? [];
  if (!number && digits === undefined) return undefined;
  const problem = problemOf(text);
  return {
    ...(number && { number }),
    ...(digits !== undefined && { hex: BigInt(`0x${digits}`) }),
    dates: datesIn(text),
    ...(problem !== undefined && { problem }),
  };
}
