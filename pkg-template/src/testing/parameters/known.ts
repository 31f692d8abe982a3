/** The parameters that endpoints know. An unknown parameter is an error, because otherwise it would be ignored silently. */

import { parseFlag, record, type Params, type Value } from "./received.js";

/** The parameters of one endpoint, or of one structure inside it. */
export interface Parameters {
  readonly names: ReadonlySet<string>;
  readonly flags: ReadonlySet<string>;
  /** The names whose value may be a list of texts. */
  readonly lists: ReadonlySet<string>;
  readonly structures: Structures;
}

/** The parameters that have parameters of their own; `undefined` for a structure that may contain any. */
type Structures = Readonly<Record<string, Parameters | undefined>>;

/**
 * Makes the set of parameters that an endpoint knows.
 *
 * @param names - the names, separated by spaces; a flag ends with `?`, and a list with `*`
 * @param structures - the parameters that have parameters of their own
 */
export function parameters(names: string, structures: Structures = {}): Parameters {
  const parts = names.split(" ").filter((part) => part !== "");
  const ending = (end: string) => new Set(parts.filter((part) => part.endsWith(end)).map((part) => part.slice(0, -1)));
  return {
    names: new Set([...parts.map((part) => part.replace(/[?*]$/, "")), ...Object.keys(structures)]),
    flags: ending("?"),
    lists: ending("*"),
    structures,
  };
}

/** A wrong parameter, and the problem with it. */
export interface Wrong {
  /** The name in a form, such as `close[price]`. */
  readonly name: string;
  readonly problem: "unknown" | "no flag" | "no text";
}

/**
 * Returns the first parameter that is unknown, that should be a flag but is not, or that is a list or a structure in place of a text. Without this
 * check, such a value would count as missing: `{"timeinforce":["IOC"]}` would place an order that stays open. A name with a bracket is a structure that
 * was written as text, as in the JSON `{"close[price]":"1"}`; it is always unknown, even if `lenient`.
 *
 * @param known - if undefined, any name is accepted
 */
export function findWrong(params: Params, known: Parameters | undefined, lenient: boolean, prefix = ""): Wrong | undefined {
  for (const [key, value] of Object.entries(params)) {
    const name = prefix === "" ? key : `${prefix}[${key}]`;
    if (!known?.names.has(key) && ((known && !lenient) || /[[\]]/.test(key))) return { name, problem: "unknown" };
    if (known?.flags.has(key) && parseFlag(value) === undefined) return { name, problem: "no flag" };
    if (typeof value !== "object" || value === null) continue;
    if (known?.names.has(key) && !mayContain(known, key, value)) return { name, problem: "no text" };
    const inside = findWrongInside(value, known && Object.hasOwn(known.structures, key) ? known.structures[key] : undefined, lenient, name);
    if (inside) return inside;
  }
  return undefined;
}

/** Returns whether a known parameter may be a list or a structure like this one. */
function mayContain({ lists, structures }: Parameters, name: string, value: Value): boolean {
  if (Object.hasOwn(structures, name)) return true;
  return lists.has(name) && Array.isArray(value) && value.every((item) => typeof item === "string");
}

function findWrongInside(value: Value | undefined, known: Parameters | undefined, lenient: boolean, name: string): Wrong | undefined {
  if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly Value[]).entries()) {
      const wrong = findWrongInside(item, known, lenient, `${name}[${index}]`);
      if (wrong) return wrong;
    }
    return undefined;
  }
  const structure = record(value);
  return structure && findWrong(structure, known, lenient, name);
}
