// What every constructor asks of its options: known names, and values of the right kind. Each check has a message of its own.
import { need } from "./errors.js";

/** What a value is, for a message. The value is not shown: it may be secret. */
export function described(value: unknown): string {
  if (value === undefined || value === null) return `${value}`;
  if (typeof value !== "object") return value === "" ? "an empty string" : `a ${typeof value}`;
  try {
    if (Array.isArray(value)) return "an array";
    const { constructor } = value as { constructor?: { name?: unknown } };
    const name = typeof constructor?.name === "string" ? constructor.name : "";
    return name === "Object" || !/^\w{1,40}$/.test(name) ? "an object" : `an instance of ${name}`;
  } catch {
    // A getter or a proxy of the caller's.
    return "an object";
  }
}

/** What becomes of an environment variable with a typing error. */
export const ifUnset = (value: unknown): string => (value === undefined || value === "" ? " Is the environment variable set?" : "");

/** How many letters have to be put in, left out, replaced or exchanged with their neighbor to make one word of the other. */
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

/** Names that differ by a digit are versions: both are meant. */
const digits = (name: string): string => name.replace(/\D/g, "");

/** The name that somebody meant who wrote another one: it differs in case or by a letter, in longer names by two. */
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
 * Checks that options are an object, and that each of them is known.
 *
 * @param owner - whose options they are, as messages name it; empty where that is plain
 * @param aliases - what people call options elsewhere, in lower case and without `_` and `-`
 * @throws InvalidRequestError that names the option, and the one that was meant
 */
export function checkNames(
  owner: string,
  options: unknown,
  known: readonly string[],
  aliases: Readonly<Record<string, string>> = {},
): void {
  if (options === undefined) return;
  const whose = owner && ` of ${owner}`;
  const kind = described(options);
  need(typeof options === "object" && options !== null && kind !== "an array", `Invalid options${whose}: expected an object, got ${kind}.`);
  for (const name of namesIn(options)) {
    if (known.includes(name)) continue;
    const alias = plain(name);
    const meant = Object.hasOwn(aliases, alias) ? aliases[alias] : nearest(name, known);
    const advice = meant ? `Did you mean \`${meant}\`?` : `The options are ${known.join(", ")}.`;
    need(false, `Unknown option \`${name.slice(0, 60)}\`${whose}. ${advice}`);
  }
}

/** The names of the options that are there; none where a proxy of the caller's does not tell. */
function namesIn(options: object): readonly string[] {
  try {
    return Object.keys(options);
  } catch {
    return [];
  }
}

/** Checks a number of milliseconds, if there is one: more than none, unless a `least` is given. */
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

/** Checks a flag, if there is one: text such as "false" would count as true. */
export function checkFlag(name: string, value: unknown): void {
  need(value === undefined || typeof value === "boolean", `Invalid \`${name}\`: expected true or false, got ${described(value)}.`);
}

/** Checks how often a call may be repeated, if that is said. */
export function checkRetries(retries: unknown): void {
  if (retries === undefined) return;
  need(typeof retries === "number", `Invalid \`retries\`: expected a number, got ${described(retries)}.`);
  need(Number.isInteger(retries) && retries >= 0, `Invalid \`retries\`: expected a whole number from 0 on, got ${retries}.`);
}
