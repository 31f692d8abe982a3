/**
 * Whether there may be an integer that a number does not hold: sixteen digits where a value begins. Almost no answer has them. Written out, and
 * with what stands before a value in front, it takes an eighth of the time of `JSON.parse`; `\d{16}` takes as long as that.
 */
const LONG = /[:,[\s]-?\d\d\d\d\d\d\d\d\d\d\d\d\d\d\d\d/;
const LONG_ALONE = /^-?\d{16}/;

/** A string, or a number. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

type Reviver = (this: unknown, name: string, value: unknown, context?: { source?: string }) => unknown;

const isLongInteger = (text: string): boolean => /^-?\d{16,}$/.test(text) && !Number.isSafeInteger(Number(text));

/** Where the runtime tells a reviver the text of a number (Node 21, Chrome 114, Safari 18.4). */
const hasSource = (() => {
  let told = false;
  const look: Reviver = (_name, value, context) => ((told ||= context?.source === "1"), value);
  JSON.parse("1", look);
  return told;
})();

const fromSource: Reviver = (_name, value, context) =>
  typeof value === "number" && context?.source !== undefined && isLongInteger(context.source) ? BigInt(context.source) : value;

/** The same with marks in the place of the numbers. */
function parseWithMarkers(text: string): unknown {
  let marker = "\u0001";
  while (text.includes(marker) || text.includes(JSON.stringify(marker).slice(1, -1))) marker += "\u0001";
  const marked = text.replace(TOKENS, (token) => (isLongInteger(token) ? JSON.stringify(marker + token) : token));
  return JSON.parse(marked, (_name, value: unknown) =>
    typeof value === "string" && value.startsWith(marker) ? BigInt(value.slice(marker.length)) : value,
  );
}

/**
 * Parses JSON. Integers that a number does not hold, from 2^53 on, become a `bigint`, exactly; everything else is as `JSON.parse` has it. Texts
 * without such an integer are not looked at more closely than for sixteen digits in a row.
 *
 * @throws SyntaxError for what is not JSON
 */
export function parseJson(text: string, useSource = hasSource): unknown {
  if (!LONG.test(text) && !LONG_ALONE.test(text)) return JSON.parse(text);
  // First as it is: marks must not make JSON of what is none.
  const plain: unknown = JSON.parse(text);
  if (!(text.match(TOKENS) ?? []).some(isLongInteger)) return plain;
  return useSource ? JSON.parse(text, fromSource as (name: string, value: unknown) => unknown) : parseWithMarkers(text);
}

/** The JSON in an answer, if it is any. What is wrong with it is not told by quoting it: it may hold a token. */
export function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
