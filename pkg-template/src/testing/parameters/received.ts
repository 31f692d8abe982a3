/**
 * Parameters as they arrive, as a form with Kraken's brackets or as JSON. Values stay the text that was sent, so that no digit of a nonce or a price
 * is lost to a JavaScript number.
 */

/** A parameter, as the text that was sent or a structure of such texts. Numbers in JSON appear as their text. */
export type Value = string | boolean | null | readonly Value[] | Params;
/** Parameters of one request, without the nonce and the OTP. */
export interface Params {
  readonly [name: string]: Value | undefined;
}

/** Thrown for bytes that are not parameters. */
export class MalformedBody extends Error {}

// U+FEFF at the beginning is a part of the body, and was signed: without `ignoreBOM`, it would vanish.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Returns the body as text, and refuses bytes that are not UTF-8. */
export function decodeText(body: Uint8Array): string {
  try {
    return decoder.decode(body);
  } catch {
    throw new MalformedBody("the body is not UTF-8");
  }
}

/** Returns whether the body is JSON: by its label or, without a label of either kind, by its look. */
export function isJson(contentType: string | null, text: string): boolean {
  if (contentType !== null && /json/i.test(contentType)) return true;
  if (contentType !== null && /x-www-form-urlencoded/i.test(contentType)) return false;
  return /^\s*\{/.test(text);
}

// Matches a string literal, which is kept, or a number, which is put in quotes. The alternation protects digits inside strings. Only a name has a colon
// behind it.
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Parses JSON and keeps every number as its own text. `{"nonce":1700000000000000001}` keeps all nineteen digits. A name that occurs twice in a
 * structure is refused, as in a form.
 */
export function parseJson(text: string): Params {
  let parsed: unknown;
  let names = 0;
  try {
    JSON.parse(text);
    const quoted = text.replace(STRING_OR_NUMBER, (token, colon?: string) => {
      if (colon !== undefined) names += 1;
      return token.startsWith('"') ? token : `"${token}"`;
    });
    parsed = JSON.parse(quoted);
  } catch {
    throw new MalformedBody("the body is not JSON");
  }
  if (countNames(parsed) < names) throw new MalformedBody("a parameter comes twice");
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new MalformedBody("the body is no JSON object");
  }
  return parsed as Params;
}

/** Counts the names in all structures of a value. */
function countNames(value: unknown, depth = 0): number {
  if (typeof value !== "object" || value === null) return 0;
  checkDepth(depth);
  const inside = Object.values(value);
  return inside.reduce((sum: number, one) => sum + countNames(one, depth + 1), Array.isArray(value) ? 0 : inside.length);
}

/** The most structures inside each other. No endpoint needs more than three, and thousands would exhaust the stack of whatever reads them. */
const DEEPEST = 32;

function checkDepth(depth: number): void {
  if (depth > DEEPEST) throw new MalformedBody("the parameters are nested too deeply");
}

type Branch = Map<string, Branch | string | string[]>;

/**
 * Parses `application/x-www-form-urlencoded`, with `a[b]=…` and `a[0][b]=…` as structures. A name that occurs twice is refused, because signer and
 * server could read different values. With `repeated: "list"` (Futures), it becomes a list.
 */
export function parseForm(text: string, repeated: "refuse" | "list" = "refuse"): Params {
  const root: Branch = new Map();
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decodeComponent(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? "" : decodeComponent(pair.slice(equals + 1));
    const path = namePath(name);
    if (path === undefined) insert(root, name, value, repeated);
    else insertInside(root, path, value, repeated);
  }
  return toParams(root);
}

function decodeComponent(text: string): string {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new MalformedBody("the form is not percent-encoded UTF-8");
  }
}

/** Returns the names in `a[b][c]`; `undefined` for a name without brackets. */
function namePath(name: string): string[] | undefined {
  const bracketed = name.endsWith("]") ? /^([^[\]]+)((?:\[[^[\]]*\])+)$/.exec(name) : undefined;
  return bracketed ? [bracketed[1] ?? "", ...(bracketed[2] ?? "").slice(1, -1).split("][")] : undefined;
}

function insertInside(root: Branch, path: readonly string[], value: string, repeated: "refuse" | "list"): void {
  checkDepth(path.length);
  let branch = root;
  for (const name of path.slice(0, -1)) {
    const next = branch.get(name) ?? new Map();
    if (!(next instanceof Map)) throw new MalformedBody("a parameter is both a value and a structure");
    branch.set(name, next);
    branch = next;
  }
  insert(branch, path.at(-1) || String(branch.size), value, repeated); // orders[]=… appends
}

function insert(branch: Branch, name: string, value: string, repeated: "refuse" | "list"): void {
  const present = branch.get(name);
  if (present === undefined) branch.set(name, value);
  else if (repeated === "list" && !(present instanceof Map)) branch.set(name, [present, value].flat());
  else throw new MalformedBody("a parameter comes twice");
}

function toParams(branch: Branch): Params {
  const params: Record<string, Value> = {};
  for (const [name, item] of branch) {
    const value = item instanceof Map ? toValue(item) : item;
    // Assigning is several times as fast as `Object.fromEntries`, but would not create a property of this name.
    if (name === "__proto__") Object.defineProperty(params, name, { value, enumerable: true, configurable: true, writable: true });
    else params[name] = value;
  }
  return params;
}

function toValue(branch: Branch): Value {
  const params = toParams(branch);
  const names = [...branch.keys()];
  return names.every((name) => /^\d+$/.test(name)) ? names.sort((a, b) => Number(a) - Number(b)).map((name) => params[name] ?? "") : params;
}

/** Returns a scalar parameter as text, or `undefined` if it is absent or a structure. */
export function text(params: Params, name: string): string | undefined {
  const value = params[name];
  return typeof value === "string" ? value : typeof value === "boolean" ? String(value) : undefined;
}

/** Parses a flag as clients write it, including Python's `True`. Returns `undefined` for anything else. */
export function parseFlag(value: Value | undefined): boolean | undefined {
  const word = typeof value === "string" ? value.toLowerCase() : value;
  return word === true || word === "true" || word === "1" ? true : word === false || word === "false" || word === "0" ? false : undefined;
}

/** Returns whether a flag is set. {@link checkParameters} has already refused other values. */
export function flag(params: Params, name: string): boolean {
  return parseFlag(params[name]) === true;
}

/** Returns a list from a JSON array, brackets, or comma-joined text. */
export function list(params: Params, name: string): string[] {
  const value = params[name];
  if (typeof value === "string")
    return value
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "");
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

/** Returns a structure, such as `close[…]`. */
export function record(value: Value | undefined): Params | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Params) : undefined;
}
