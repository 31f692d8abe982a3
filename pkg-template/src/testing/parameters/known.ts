/** The parameters that endpoints know. What an endpoint does not know would lose its meaning in silence. */

import { parseFlag, record, type Params, type Value } from "./received.js";

/** What one endpoint, or one structure inside of it, knows. */
export interface Parameters {
  readonly names: ReadonlySet<string>;
  readonly flags: ReadonlySet<string>;
  readonly structures: Readonly<Record<string, Parameters>>;
}

/**
 * @param names - separated by spaces; one that ends in a question mark is a flag
 * @param structures - those of the parameters that have parameters of their own
 */
export function parameters(names: string, structures: Readonly<Record<string, Parameters>> = {}): Parameters {
  const words = names.split(" ").filter((word) => word !== "");
  return {
    names: new Set([...words.map((word) => word.replace("?", "")), ...Object.keys(structures)]),
    flags: new Set(words.filter((word) => word.endsWith("?")).map((word) => word.slice(0, -1))),
    structures,
  };
}

/** What is wrong with a parameter. */
export interface Wrong {
  /** As a form would write it, such as `close[price]`. */
  readonly name: string;
  readonly problem: "unknown" | "no flag";
}

/**
 * The first parameter that is not known here, or is no flag where one is due. A name with a bracket in it is a structure that was
 * written as plain text, as in the JSON `{"close[price]":"1"}`, and never known, `lenient` or not.
 * @param known - undefined: any name is taken
 */
export function findWrong(params: Params, known: Parameters | undefined, lenient: boolean, prefix = ""): Wrong | undefined {
  for (const [key, value] of Object.entries(params)) {
    const name = prefix === "" ? key : `${prefix}[${key}]`;
    if (/[[\]]/.test(key) || (known && !lenient && !known.names.has(key))) return { name, problem: "unknown" };
    if (known?.flags.has(key) && parseFlag(value) === undefined) return { name, problem: "no flag" };
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
