/** The digits of the shortest integer that may be too long for a number. */
const LONG = 16;

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/**
 * Whether a text has so many digits in a row that they may be an integer that is too long for a number. Almost no answer has. Sixteen digits in a row cover
 * one of every sixteen places, so it is enough to look around those. A pattern takes twice as long.
 */
function hasLongDigits(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    while (isDigit(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (isDigit(text.charCodeAt(end))) end++;
    // A string of digits, such as the nanoseconds of Trades, needs no exact number.
    if (end - start >= LONG && text[start - 1] !== '"') return true;
    at = end;
  }
  return false;
}

/** A string, or a number. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

type Reviver = (this: unknown, name: string, value: unknown, context?: { source?: string }) => unknown;

const isLongInteger = (text: string): boolean => /^-?\d{16,}$/.test(text) && !Number.isSafeInteger(Number(text));

/** Whether the runtime passes the text of a number to a reviver (Node 21, Chrome 114, Safari 18.4). */
const hasSource = (() => {
  let told = false;
  const look: Reviver = (_name, value, context) => ((told ||= context?.source === "1"), value);
  JSON.parse("1", look);
  return told;
})();

const fromSource: Reviver = (_name, value, context) =>
  typeof value === "number" && context?.source !== undefined && isLongInteger(context.source) ? BigInt(context.source) : value;

/** Does the same in older runtimes: it replaces the long integers by strings that begin with a marker. */
function parseWithMarkers(text: string): unknown {
  let marker = "\u0001";
  while (text.includes(marker) || text.includes(JSON.stringify(marker).slice(1, -1))) marker += "\u0001";
  const marked = text.replace(TOKENS, (token) => (isLongInteger(token) ? JSON.stringify(marker + token) : token));
  return JSON.parse(marked, (_name, value: unknown) =>
    typeof value === "string" && value.startsWith(marker) ? BigInt(value.slice(marker.length)) : value,
  );
}

/**
 * Parses JSON. An integer that a number cannot hold, from 2^53 on, becomes an exact `bigint`; everything else is as with `JSON.parse`.
 *
 * @throws SyntaxError for what is not JSON
 */
export function parseJson(text: string, useSource = hasSource): unknown {
  if (!hasLongDigits(text)) return JSON.parse(text);
  // The original text is parsed first, because markers could turn invalid JSON into valid JSON.
  const plain: unknown = JSON.parse(text);
  if (!(text.match(TOKENS) ?? []).some(isLongInteger)) return plain;
  return useSource ? JSON.parse(text, fromSource as (name: string, value: unknown) => unknown) : parseWithMarkers(text);
}

/** Parses the JSON of an answer; `undefined` if it is invalid. The error is dropped, because it would quote the answer, which may contain a token. */
export function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** Parses the JSON of an answer that may be a proof; `undefined` if it is invalid, or has a name twice with different values. */
export function certainJsonOf(text: string): unknown {
  const json = jsonOf(text);
  if (json === undefined || namesIn(json) === namesWritten(text)) return json;
  try {
    return repeatedName(text, true) === undefined ? json : undefined;
  } catch {
    // It is nested too deeply.
    return undefined;
  }
}

/** The levels of an answer that are counted. Kraken's answers have fewer than ten. */
const LEVELS = 100;

/**
 * Counts the names in a value that was parsed, each once per object; `NaN` if it has too many levels. `JSON.parse` makes an own property of each name,
 * even of `__proto__`, and here only own properties count.
 */
function namesIn(value: unknown, levels = LEVELS): number {
  if (typeof value !== "object" || value === null) return 0;
  if (!levels) return NaN;
  const values: unknown[] = Object.values(value);
  return values.reduce<number>((sum, one) => sum + namesIn(one, levels - 1), Array.isArray(value) ? 0 : values.length);
}

/**
 * Counts the colons of a valid JSON text that follow a quote. Each name is followed by a colon of its own. A string may contain further ones, so the count
 * is never less than the number of names that are written. If it equals the number of different ones, {@link namesIn}, then none is repeated.
 */
function namesWritten(text: string): number {
  let count = 0;
  for (let colon = text.indexOf(":"); colon >= 0; colon = text.indexOf(":", colon + 1)) {
    let before = colon - 1;
    while (text.charCodeAt(before) <= SPACE) before--;
    if (text[before] === '"') count++;
  }
  return count;
}

/** The highest of the characters that JSON allows between a name and its colon. */
const SPACE = 0x20;

/** A string, a bracket or separator, or another value. */
const PARTS = /"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s"[\]{}:,]+/g;

/**
 * Returns a name that an object in JSON has twice; `undefined` if there is none. `JSON.parse` takes the last value, and another reader may take the first
 * one.
 *
 * @param text - valid JSON
 * @param allowEqual - passes over a name whose values are written in the same way
 */
export function repeatedName(text: string, allowEqual = false): string | undefined {
  const parts = text.match(PARTS) ?? [];
  const repeated: string[] = [];
  const written = ([start, end]: readonly [number, number]): string => parts.slice(start, end).join("");
  /** Reads the value that begins at a place, and returns the place after it. */
  const read = (start: number): number => {
    const isObject = parts[start] === "{";
    if (!isObject && parts[start] !== "[") return start + 1;
    const values = new Map<string, readonly [number, number]>();
    let place = start + 1;
    while (parts[place] !== "}" && parts[place] !== "]") {
      const begin = isObject ? place + 2 : place;
      const end = read(begin);
      if (isObject) {
        const name = JSON.parse(parts[place]!) as string;
        const before = values.get(name);
        if (before && !(allowEqual && written(before) === written([begin, end]))) repeated.push(name);
        values.set(name, [begin, end]);
      }
      place = parts[end] === "," ? end + 1 : end;
    }
    return place + 1;
  };
  read(0);
  return repeated[0];
}
