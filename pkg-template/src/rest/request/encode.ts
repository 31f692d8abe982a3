import { type Conventions, type Params, type ParamValue, readParams, refuse } from "./parameters.js";

export type { Conventions, Param, Params, Scalar, ParamValue } from "./parameters.js";

/** The style of nested parameters in a form: adds the pairs of one parameter. */
export type Style = (pairs: string[], name: string, value: ParamValue) => void;

/** Parameters that have been read, by name. */
export type ReadParams = { readonly [name: string]: ParamValue };

/** The conventions by which parameters are read and written. */
export interface EncodeOptions extends Partial<Conventions> {
  readonly style: Style;
  /** Adds the client's own parameters. */
  readonly amend?: (params: ReadParams) => ReadParams;
}

/** Parameters that were read once. Each retry signs and sends the same text. */
export interface Encoded {
  /** The parameters, frozen. A client reads them here, not from the caller's object. */
  readonly structure: ReadParams;
  /** `name=value` pairs, percent-encoded, joined by `&`. */
  readonly form: string;
  /** Renders them as a JSON object, without its braces. */
  json(): string;
  /** Whether a price has a percent sign, such as `+5%`. Kraken accepts it only in JSON. */
  readonly percentPrice: boolean;
}

/**
 * Reads parameters into one structure, which can be written as a form or as JSON.
 *
 * @throws InvalidRequestError that names the parameter, but not a value that may be secret
 */
export function encode(params: Params, { lists = "", times = {}, what, style, amend }: EncodeOptions): Encoded {
  const read = readParams(params, { lists, times, what });
  const structure = amend ? amend(read) : read;
  const pairs: string[] = [];
  let percentPrice = false;
  for (const name of Object.keys(structure)) {
    style(pairs, name, structure[name]!);
    percentPrice ||= hasPercentPrice(name, structure[name]!);
  }
  return { structure, form: pairs.join("&"), json: () => jsonOf(structure).slice(1, -1), percentPrice };
}

/** Percent-encodes a text strictly, because `fetch` would change a `'` in a query after it was signed. */
export const escaped = (text: string): string =>
  /^[\w.-]*$/.test(text) ? text : encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);

const pair = (name: string, text: string): string => `${escaped(name)}=${escaped(text)}`;

/** Spot: `close[price]=1`. The brackets are encoded too. */
export const bracketed: Style = (pairs, place, value) => {
  if (typeof value !== "object") pairs.push(pair(place, `${value}`));
  else for (const [name, inner] of Object.entries<ParamValue>(value)) bracketed(pairs, `${place}[${name}]`, inner);
};

/** Futures: `orderIds=a&orderIds=b`, and `json={"batchOrder":[…]}`. */
export const repeated: Style = (pairs, name, value) => {
  for (const [index, item] of (isList(value) ? value : [value]).entries()) {
    if (isList(item)) refuse(`${name}[${index}]`, "a list in a list cannot be sent here. Pass it as JSON text.");
    pairs.push(pair(name, typeof item === "object" ? jsonOf(item) : `${item}`));
  }
};

const isList = (value: ParamValue): value is readonly ParamValue[] => Array.isArray(value);

/** Returns JSON as `JSON.stringify` writes it, but accepts a bigint. */
function jsonOf(value: ParamValue): string {
  if (isList(value)) return `[${value.map(jsonOf).join()}]`;
  if (typeof value === "object")
    return `{${Object.entries(value)
      .map(([name, inner]) => `"${name}":${jsonOf(inner)}`)
      .join()}}`;
  return typeof value === "string" ? JSON.stringify(value) : `${value}`;
}

function hasPercentPrice(name: string, value: ParamValue): boolean {
  if (typeof value !== "object") return typeof value === "string" && value.includes("%") && /price/i.test(name);
  return Object.entries<ParamValue>(value).some(([inner, one]) => hasPercentPrice(isList(value) ? name : inner, one));
}
