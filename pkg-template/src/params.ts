import { type Api, has } from "./apis.js";
import { InvalidRequestError } from "./errors.js";

/** A parameter as people write it. `undefined` is left out; a `Date` only where Kraken wants seconds. */
export type Param = string | number | bigint | boolean | Date | undefined | readonly Param[] | { readonly [name: string]: Param };

/** The parameters of a call. `nonce` and `otp` are the client's to add, fresh for each attempt. */
export type Params = { readonly [name: string]: Param };

/** Parameters, read once and rendered both ways: the same text is signed and sent, however often the call is repeated. */
export interface Encoded {
  /** `name=value` pairs, percent-encoded, joined by `&`. */
  readonly form: string;
  /** A JSON object, without its braces. */
  readonly json: string;
  /** A price such as `+5%`, which Kraken reads in JSON only. */
  readonly percent: boolean;
  /** What the caller called the order. */
  readonly clientOrderId: string | undefined;
}

/** Strictly percent-encoded: `fetch` would rewrite a `'` in a query after it was signed. */
export const escaped = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);

/**
 * Renders parameters. With `repeat`, lists repeat their name and objects become JSON, as Futures wants; else brackets, as Spot wants.
 *
 * @throws InvalidRequestError naming the parameter, never its value.
 */
export function encode(params: Params, { lists = "", dates = "" }: Partial<Api> = {}, repeat?: boolean): Encoded {
  const pairs: string[] = [];
  let percent = false;
  let clientOrderId: string | undefined;

  const refuse = (path: string, problem: string): never => {
    throw new InvalidRequestError(`Parameter ${path.slice(0, 80)}: ${problem}.`);
  };

  const scalar = (value: unknown, path: string, name: string): string => {
    if (typeof value === "string") {
      if (/[\ud800-\udfff]/u.test(value)) refuse(path, "a lone surrogate");
      if (value.includes("%") && name.includes("price")) percent = true;
      if (/^cl(_ord_id|iOrdId)$/.test(path)) clientOrderId = value;
    } else if (value instanceof Date) {
      if (!has(dates, name) || Number.isNaN(+value)) refuse(path, "no Date here, or an invalid one: pass a string");
      return `${Math.floor(+value / 1000)}`;
    } else if (typeof value === "number") {
      // 1e-7 is how JavaScript prints a number, not how Kraken reads one.
      if (!Number.isFinite(value) || /e/.test(`${value}`) || Math.abs(value) > Number.MAX_SAFE_INTEGER)
        refuse(path, "a number without an exact plain form: pass a string");
    } else if (!/^b/.test(typeof value)) refuse(path, `${value === null ? value : typeof value} cannot be sent: leave it out`);
    return `${value}`;
  };

  /** Adds the pairs of a value, unless silent, and returns its JSON. */
  const walk = (value: unknown, path: string, name: string, depth: number, silent?: boolean): string => {
    const add = (text: string): void => {
      if (!silent) pairs.push(`${escaped(path)}=${escaped(text)}`);
    };
    const quoted = (text: string): string => {
      add(text);
      return JSON.stringify(text);
    };
    if (depth > 8) refuse(path, "nested too deeply, or in itself");
    if (Array.isArray(value)) {
      // A form has no empty list: left out, it may mean all.
      if (!value.length) refuse(path, "an empty list");
      const items = Array.from(value);
      if (has(lists, name)) return quoted(items.map((item) => scalar(item, path, name)).join());
      return `[${items.map((item, i) => walk(item, repeat ? path : `${path}[${i}]`, name, depth + 1, silent)).join()}]`;
    }
    if (value && typeof value === "object" && !(value instanceof Date)) {
      const json = `{${members(value, path, depth + 1, silent || repeat)}}`;
      if (repeat) add(json);
      return json;
    }
    const text = scalar(value, path, name);
    if (typeof value === "string") return quoted(text);
    add(text);
    return text;
  };

  const members = (object: object, path: string, depth: number, silent?: boolean): string => {
    const prototype = Object(object) === object && Object.getPrototypeOf(object);
    if (prototype !== null && (!prototype || Object.getPrototypeOf(prototype))) refuse(path, "not a plain object");
    const json: string[] = [];
    // Entries: a getter may answer differently the second time.
    for (const [name, value] of Object.entries(object)) {
      const inner = path ? `${path}[${name}]` : name;
      if (!/^[\w.-]+(\[[\w.-]*\])*$/.test(name) || /\b(__proto__|constructor|prototype)\b/.test(name)) refuse(path, "a name that is none");
      if (/^(nonce|otp)\b/i.test(inner)) refuse(inner, "the client adds its own");
      if (value !== undefined) json.push(`"${name}":${walk(value, inner, name, depth, silent)}`);
    }
    return json.join();
  };

  const json = members(params, "", 0);
  return { form: pairs.join("&"), json, percent, clientOrderId };
}
