/** The parameters that endpoints know. An unknown parameter is an error, because otherwise it would be ignored silently. */

import { parseFlag, record, type Params, type Value } from "./received.js";

/** The parameters of one endpoint, or of one structure inside it. */
export interface Parameters {
  readonly names: ReadonlySet<string>;
  readonly flags: ReadonlySet<string>;
  readonly structures: Readonly<Record<string, Parameters>>;
}

/**
 * Makes the set of parameters that an endpoint knows.
 *
 * @param names - the names, separated by spaces; a flag ends with `?`
 * @param structures - the parameters that have parameters of their own
 */
export function parameters(names: string, structures: Readonly<Record<string, Parameters>> = {}): Parameters {
  const parts = names.split(" ").filter((part) => part !== "");
  return {
    names: new Set([...parts.map((part) => part.replace("?", "")), ...Object.keys(structures)]),
    flags: new Set(parts.filter((part) => part.endsWith("?")).map((part) => part.slice(0, -1))),
    structures,
  };
}

/** A wrong parameter, and the problem with it. */
export interface Wrong {
  /** The name in a form, such as `close[price]`. */
  readonly name: string;
  readonly problem: "unknown" | "no flag";
}

/**
 * Returns the first parameter that is unknown, or that should be a flag but is not. A name with a bracket is a structure that was written as text,
 * as in the JSON `{"close[price]":"1"}`; it is always unknown, even if `lenient`.
 *
 * @param known - if undefined, any name is accepted
 */
export function findWrong(params: Params, known: Parameters | undefined, lenient: boolean, prefix = ""): Wrong | undefined {
  for (const [key, value] of Object.entries(params)) {
    const name = prefix === "" ? key : `${prefix}[${key}]`;
    if (!known?.names.has(key) && ((known && !lenient) || /[[\]]/.test(key))) return { name, problem: "unknown" };
    if (known?.flags.has(key) && parseFlag(value) === undefined) return { name, problem: "no flag" };
    if (typeof value === "string") continue;
    const inside = findWrongInside(value, known && Object.hasOwn(known.structures, key) ? known.structures[key] : undefined, lenient, name);
    if (inside) return inside;
  }
  return undefined;
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
