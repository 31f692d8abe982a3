/** Digits that a double may not hold. */
const LONG = /\d{16}/;

/** Strings and numbers, one after the other. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * The JSON object in an answer, if it is one. Integers that a number cannot hold exactly, such as `trade_id: 9007199254740993`, become text, as
 * Kraken's decimals are. What is wrong with an answer is not told by quoting it: it may hold a token.
 */
export function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(LONG.test(text) ? text.replace(TOKENS, exact) : text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const exact = (token: string): string => (/^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token);
