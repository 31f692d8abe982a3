import { type Api, has } from "./apis.js";
import { need } from "./errors.js";

/** A parameter as people write it. `undefined` is left out; a `Date` only where Kraken wants seconds. */
export type Param = string | number | bigint | boolean | Date | undefined | readonly Param[] | { readonly [name: string]: Param };

/** The parameters of a call. `nonce` and `otp` are the client's to add, fresh for each attempt. */
export type Params = { readonly [name: string]: Param };

/** Parameters, read once: the same text is signed and sent, however often the call is repeated. */
export interface Encoded {
  /** `name=value` pairs, percent-encoded, joined by `&`. */
  readonly form: string;
  /** Renders them as a JSON object, without its braces. */
  json(): string;
}

function valid(condition: unknown, path: string, problem: string): asserts condition {
  if (!condition) need(false, `Parameter ${path.slice(0, 80)}: ${problem}.`);
}

/** Strictly percent-encoded: `fetch` would rewrite a `'` in a query after it was signed. */
export const escaped = (text: string): string =>
  /^[\w.-]*$/.test(text) ? text : encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);

/**
 * Renders parameters. With `repeat`, lists repeat their name and objects become JSON, as Futures wants; else brackets, as Spot wants.
 *
 * @throws InvalidRequestError naming the parameter, never its value.
 */
export function encode(params: Params, { lists = "", dates = "" }: Partial<Api> = {}, repeat = false): Encoded {
  const pairs: string[] = [];

  const scalar = (value: unknown, path: string, name: string): string => {
    const type = value instanceof Date ? "Date" : value === null ? "null" : typeof value;
    if (value instanceof Date) value = has(dates, name) ? Math.floor(+value / 1000) : NaN;
    // 1e-7 is how JavaScript prints a number, not how Kraken reads one.
    const plain =
      typeof value === "number" ? Math.abs(value) < 2 ** 53 && !/e/.test(`${value}`) : /^(string|bigint|boolean)$/.test(typeof value);
    valid(plain, path, `${type} as it is: pass a string`);
    valid(!/[\ud800-\udfff]/u.test(`${value}`), path, "a lone surrogate");
    return `${value}`;
  };

  /** Adds the pairs of a value and returns what renders its JSON. */
  const walk = (value: unknown, path: string, name: string, depth: number): (() => string) => {
    const before = pairs.length;
    const add = (text: string): void => void pairs.push(`${escaped(path)}=${escaped(text)}`);
    valid(depth < 10, path, "nested too deeply");
    if (path && Array.isArray(value)) {
      // A form has no empty list: left out, it may mean all.
      valid(value.length, path, "an empty list");
      // With undefined for what a sparse list lacks.
      const items: unknown[] = [...value];
      if (!has(lists, name)) {
        const inner = items.map((item, i) => walk(item, repeat ? path : `${path}[${i}]`, name, depth + 1));
        return () => `[${inner.map((one) => one()).join()}]`;
      }
      value = items.map((item) => scalar(item, path, name)).join();
    }
    if (path && (Object(value) !== value || value instanceof Date)) {
      const text = scalar(value, path, name);
      add(text);
      return () => (typeof value === "string" ? JSON.stringify(text) : text);
    }
    const prototype: unknown = Object.getPrototypeOf(Object(value));
    valid(value && !(prototype && Object.getPrototypeOf(prototype)), path, "not a plain object");
    const members: [string, () => string][] = [];
    // Entries: a getter may answer differently the second time.
    for (const [name, inner] of Object.entries(value as object)) {
      const place = path ? `${path}[${name}]` : name;
      const bad = /\b(__proto__|constructor|prototype)\b|^(nonce|otp)\b/i;
      valid(/^[\w.-]+(\[[\w.-]*\])*$/.test(name) && !bad.test(place), place, "no name, or one that the client adds");
      if (inner !== undefined) members.push([name, walk(inner, place, name, depth + 1)]);
    }
    const json = (): string => `{${members.map(([name, one]) => `"${name}":${one()}`).join()}}`;
    if (repeat && path) {
      pairs.length = before;
      add(json());
    }
    return json;
  };

  const json = walk(params, "", "", 0);
  return { form: pairs.join("&"), json: () => json().slice(1, -1) };
}
