import { type Conventions, type Params, type ParamValue, readParams, refuse } from "./parameters.js";

export type { Conventions, Param, Params, Scalar, ParamValue } from "./parameters.js";

/** How an API writes what is nested in a form: Spot in brackets; Futures repeats the name of a list, and writes objects as JSON. */
export type Style = "spot" | "futures";

/** Parameters as they were read, by name. */
export type ReadParams = { readonly [name: string]: ParamValue };

/** How parameters are read and written. */
export interface EncodeOptions extends Partial<Conventions> {
  readonly style: Style;
  /** Adds what the client has to say, after they were read. */
  readonly amend?: (params: ReadParams) => ReadParams;
}

/** Parameters, read once: the same text is signed and sent, however often the call is repeated. */
export interface Encoded {
  /** What was read, frozen: what a client wants to know of a call is read here, and not from the caller's object. */
  readonly structure: ReadParams;
  /** `name=value` pairs, percent-encoded, joined by `&`. */
  readonly form: string;
  /** Renders them as a JSON object, without its braces. */
  json(): string;
  /** Whether a price has a percent sign, such as `+5%`: Kraken reads it in JSON only. */
  readonly percentPrice: boolean;
}

/**
 * Reads parameters into one structure, of which form and JSON are two renderings.
 *
 * @throws InvalidRequestError that names the parameter and says what to do, without the value of one that may be secret
 */
export function encode(params: Params, { lists = "", times = {}, style, amend }: EncodeOptions): Encoded {
  const read = readParams(params, { lists, times });
  const structure = amend ? amend(read) : read;
  const names = Object.keys(structure);
  const pairs = names.flatMap((name) => (style === "spot" ? bracketed(name, structure[name]!) : repeated(name, structure[name]!)));
  return {
    structure,
    form: pairs.join("&"),
    json: () => jsonOf(structure).slice(1, -1),
    percentPrice: names.some((name) => hasPercentPrice(name, structure[name]!)),
  };
}

/** Strictly percent-encoded: `fetch` would rewrite a `'` in a query after it was signed. */
export const escaped = (text: string): string =>
  /^[\w.-]*$/.test(text) ? text : encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);

const pair = (name: string, text: string): string => `${escaped(name)}=${escaped(text)}`;

/** Spot: `close[price]=1`, with the brackets encoded, too. */
function bracketed(place: string, value: ParamValue): string[] {
  if (typeof value !== "object") return [pair(place, `${value}`)];
  return Object.entries(value).flatMap(([name, inner]: [string, ParamValue]) => bracketed(`${place}[${name}]`, inner));
}

/** Futures: `orderIds=a&orderIds=b`, and `json={"batchOrder":[…]}`. */
function repeated(name: string, value: ParamValue): string[] {
  if (!isList(value)) return [pair(name, typeof value === "object" ? jsonOf(value) : `${value}`)];
  return value.map((item, index) => {
    if (isList(item)) refuse(`${name}[${index}]`, "a list in a list has no form here. Pass it as JSON text.");
    return pair(name, typeof item === "object" ? jsonOf(item) : `${item}`);
  });
}

const isList = (value: ParamValue): value is readonly ParamValue[] => Array.isArray(value);

/** JSON as `JSON.stringify` writes it, but for bigints, which it refuses. */
function jsonOf(value: ParamValue): string {
  if (isList(value)) return `[${value.map(jsonOf).join()}]`;
  if (typeof value === "object")
    return `{${Object.entries(value)
      .map(([name, inner]) => `"${name}":${jsonOf(inner)}`)
      .join()}}`;
  return typeof value === "string" ? JSON.stringify(value) : `${value}`;
}

function hasPercentPrice(name: string, value: ParamValue): boolean {
  if (typeof value !== "object") return typeof value === "string" && /price/i.test(name) && value.includes("%");
  return Object.entries(value).some(([inner, one]: [string, ParamValue]) => hasPercentPrice(isList(value) ? name : inner, one));
}
