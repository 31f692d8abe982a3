// Checks of options that every constructor shares: known names, and values of the right type. Each check has its own message.
import { KrakenError, need } from "./errors.js";

/** Returns a global, or what its properties lead to, as in `AbortSignal.timeout`. */
const globalAt = (path: string): unknown =>
  path.split(".").reduce<unknown>((owner, name) => (owner as Readonly<Record<string, unknown>> | undefined)?.[name], globalThis);

/**
 * Checks that the runtime has what a part of the package uses: jsdom, a compartment or an embedded engine may lack some of it.
 *
 * @throws KrakenError with code `ERR_UNAVAILABLE`, which names what is missing
 */
export function needGlobals(...names: readonly string[]): void {
  for (const name of names)
    if (!globalAt(name)) throw new KrakenError("ERR_UNAVAILABLE", `This runtime has no \`${name}\`. Define it, or use another one.`);
}

/** Describes a value by its type, for a message. The value itself may be secret, so it is not shown. */
export function described(value: unknown): string {
  if (value === undefined || value === null) return `${value}`;
  if (typeof value !== "object") return value === "" ? "an empty string" : `a ${typeof value}`;
  try {
    if (Array.isArray(value)) return "an array";
    const { constructor } = value as { constructor?: { name?: unknown } };
    const name = typeof constructor?.name === "string" ? constructor.name : "";
    return name === "Object" || !/^\w{1,40}$/.test(name) ? "an object" : `an instance of ${name}`;
  } catch {
    // A getter or a proxy of the caller may throw.
    return "an object";
  }
}

/** Whether a value is an object, and no array. */
export const isRecord = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Says that a value is missing, is empty, or is the word that a missing value becomes in text, as it is when the name of an environment variable is
 * misspelled. Returns nothing for any other value.
 */
export function unsetProblem(value: unknown): string | undefined {
  const word = Object(value) === value ? undefined : /^\s*(undefined|null|)\s*$/.exec(String(value));
  return word ? `it is ${word[1] || "empty"}. Is the environment variable set?` : undefined;
}

/** Returns the Damerau–Levenshtein distance of two words. */
function distance(one: string, other: string): number {
  const rows = [[...Array(other.length + 1).keys()]];
  for (const [row, letter] of [...one].entries()) {
    const next = [row + 1];
    for (const [at, others] of [...other].entries()) {
      const isExchanged = row > 0 && at > 0 && letter === other[at - 1] && one[row - 1] === others;
      const changed = rows[row]![at]! + (letter === others ? 0 : 1);
      next.push(Math.min(next[at]! + 1, rows[row]![at + 1]! + 1, changed, isExchanged ? rows[row - 1]![at - 1]! + 1 : Infinity));
    }
    rows.push(next);
  }
  return rows.at(-1)!.at(-1)!;
}

const plain = (name: string): string => name.toLowerCase().replace(/[_\s-]/g, "");

/** Names that differ in a digit are two versions of one thing, not a typing error. */
const digits = (name: string): string => name.replace(/\D/g, "");

/** Returns the name that was probably meant: one that differs in case or in one letter; in longer names, in two. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const written = plain(name);
  const same = names.find((one) => plain(one) === written);
  if (same !== undefined || written.length > 60) return same;
  const most = written.length < 6 ? 1 : 2;
  const near = names.map(plain).map((one, at) => ({
    one: names[at]!,
    far: Math.abs(one.length - written.length) > most || digits(one) !== digits(written) ? Infinity : distance(one, written),
  }));
  const best = near.reduce((least, next) => (next.far < least.far ? next : least), { one: "", far: Infinity });
  return best.far <= most && best.far < written.length - 1 ? best.one : undefined;
}

/**
 * Checks that the options are an object, and that every option is known.
 *
 * @param owner - the owner of the options, as messages name it; empty if it is obvious
 * @param aliases - names that other libraries use for the options, in lower case and without `_` and `-`
 * @throws InvalidRequestError with the unknown option and the one that was probably meant
 */
export function checkNames(
  owner: string,
  options: unknown,
  known: readonly string[],
  aliases: Readonly<Record<string, string>> = {},
): void {
  if (options === undefined) return;
  const whose = owner && ` of ${owner}`;
  const list = `Known options: ${known.join(", ")}.`;
  need(
    isRecord(options) && (namesIn(options)[0] || described(options) === "an object" || known.some((name) => name in options)),
    `Invalid options${whose}: expected an object, got ${described(options)}. ${list}`,
  );
  for (const name of namesIn(options)) {
    if (known.includes(name)) continue;
    const alias = plain(name);
    const meant = Object.hasOwn(aliases, alias) ? aliases[alias] : nearest(name, known);
    need(false, `Unknown option \`${name.slice(0, 60)}\`${whose}. ${meant ? `Did you mean \`${meant}\`?` : list}`);
  }
}

/** Returns the names of the options; none if a proxy of the caller refuses to list them. */
function namesIn(options: object): readonly string[] {
  try {
    return Object.keys(options);
  } catch {
    return [];
  }
}

/** Checks an optional number of milliseconds: above 0, or at least `least` if that is given. */
export function checkMilliseconds(
  name: string,
  value: unknown,
  { least, most = 2 ** 31 - 1 }: { least?: number; most?: number } = {},
): void {
  if (value === undefined) return;
  need(typeof value === "number", `Invalid \`${name}\`: expected milliseconds as a number, got ${described(value)}.`);
  const isEnough = least === undefined ? value > 0 : value >= least;
  need(isEnough && value <= most, `Invalid \`${name}\`: expected milliseconds from ${least ?? 1} to ${most}, got ${value}.`);
}

/** Checks an optional signal. */
export function checkSignal(signal: unknown): void {
  need(
    signal === undefined || typeof (signal as { throwIfAborted?: unknown } | null)?.throwIfAborted === "function",
    `Invalid \`signal\`: expected an AbortSignal, such as AbortSignal.timeout(5000) or the \`signal\` of an AbortController, got ${described(signal)}.`,
  );
}

/** Checks an optional flag. Text such as "false" is refused, because it would count as true. */
export function checkFlag(name: string, value: unknown): void {
  if (value === undefined) return;
  need(typeof value === "boolean", `Invalid \`${name}\`: expected true or false, got ${described(value)}.`);
}

/** Checks an optional number of retries. */
export function checkRetries(retries: unknown): void {
  if (retries === undefined) return;
  need(typeof retries === "number", `Invalid \`retries\`: expected a number, got ${described(retries)}.`);
  need(Number.isInteger(retries) && retries >= 0, `Invalid \`retries\`: expected an integer of at least 0, got ${retries}.`);
}
