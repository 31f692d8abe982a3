// Finds requests in objects: HAR files, and what fetch, axios, got and others have in their errors and logs.
import { decoded } from "./bytes.js";
import { Entries, Unread, jsonOf } from "./literal.js";
import { type Found, type Header, isRejection, isSigned } from "./request.js";

type Pairs = readonly (readonly [name: string, value: unknown])[];

/** Levels and objects that are searched. Real logs have a few levels, but an object of a running program may lead anywhere. */
const DEEPEST = 12;
const MOST = 20_000;

/** Returns the fields of an object, of whichever kind, or nothing. A getter that throws is no field. */
function pairsOf(value: unknown): Pairs | undefined {
  if (value instanceof Entries) return withInternals(value.pairs);
  if (typeof value !== "object" || value === null || value instanceof Unread || ArrayBuffer.isView(value)) return undefined;
  if (Array.isArray(value)) return undefined;
  if (isIterableOfPairs(value)) return [...value].map(([name, one]) => [String(name), one]);
  return Object.keys(value).flatMap((name): [string, unknown][] => {
    try {
      return [[name, (value as Record<string, unknown>)[name]]];
    } catch {
      return [];
    }
  });
}

const isIterableOfPairs = (value: object): value is Iterable<[unknown, unknown]> =>
  value instanceof Map || value instanceof Headers || value instanceof URLSearchParams;

/** Node prints the fields of some requests one level deeper, under the names of symbols. */
function withInternals(pairs: Pairs): Pairs {
  return pairs.flatMap(([name, value]): Pairs =>
    /^(Symbol\(|_internals$)/.test(name) && value instanceof Entries ? value.pairs : [[name, value]],
  );
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** Returns the first field with one of these names, unless it is empty. */
function field(pairs: Pairs, ...names: readonly string[]): unknown {
  for (const name of names) {
    const value = pairs.find(([one]) => one === name)?.[1];
    if (value !== undefined && value !== null && value !== "") return value;
  }
  return undefined;
}

/** Returns all requests in a value, those of a HAR file with the numbers of their entries. */
export function requestsIn(value: unknown, isPython = false): Found[] {
  const found: Found[] = [];
  const seen = new Set<unknown>();
  const visit = (one: unknown, depth: number): void => {
    if (depth > DEEPEST || seen.size > MOST || seen.has(one)) return;
    if (typeof one === "object" && one !== null) seen.add(one);
    const pairs = pairsOf(one);
    const entries = pairs && listOf(field(pairsOf(field(pairs, "log")) ?? [], "entries"));
    if (entries?.length) {
      entries.forEach((entry, index) => found.push(...entryOf(entry, index + 1)));
      return;
    }
    const har = pairs && field(pairs, "request") && field(pairs, "response") ? entryOf(one, found.length + 1) : [];
    const request = har[0] ?? (pairs && (challengeOf(pairs) ?? requestOf(pairs, isPython)));
    if (request) found.push(request);
    if (har.length) return;
    for (const next of pairs?.map(([, next]) => next) ?? listOf(one)) visit(next, depth + 1);
  };
  const [url, init] = listOf(value);
  // The arguments of fetch.
  visit(typeof url === "string" && listOf(value).length === 2 ? { ...Object.fromEntries(pairsOf(init) ?? []), url } : value, 0);
  return distinct(found);
}

/** Logs show the same request in several places. Returns each once, with its body if one place has it. */
function distinct(found: readonly Found[]): Found[] {
  const hasBody = ({ body }: Found): boolean => typeof body === "string" || body instanceof Uint8Array;
  const signatureOf = ({ headers }: Found): string | undefined => {
    const value = headers.find(([name]) => /^(api-sign|authent)$/i.test(name))?.[1];
    return typeof value === "string" ? value : undefined;
  };
  const rows = found.some(isSigned) && !found.some(({ format }) => format === "har") ? found.filter(isSigned) : found;
  return rows.filter((one, index) => {
    if (one.format === "har") return true;
    const same = rows.filter((other) => signatureOf(other) === signatureOf(one) && other.format !== "har");
    return rows.indexOf(same.find(hasBody) ?? same[0]!) === index;
  });
}

/** Returns the request of an entry of a HAR file. */
function entryOf(entry: unknown, number: number): Found[] {
  const pairs = pairsOf(entry) ?? [];
  const request = pairsOf(field(pairs, "request"));
  if (!request || !Array.isArray(field(request, "headers"))) return [];
  const content = pairsOf(field(pairsOf(field(pairs, "response")) ?? [], "content")) ?? [];
  const answer = textOf(field(content, "text"), field(content, "encoding"));
  const url = field(request, "url");
  return [
    {
      format: "har",
      number,
      method: nameOf(field(request, "method")) ?? "GET",
      url: typeof url === "string" ? url : new Unread("hidden"),
      headers: headersOf(field(request, "headers")),
      ...bodyOfEntry(request),
      rejected: typeof answer === "string" && isRejection(answer),
    },
  ];
}

function bodyOfEntry(request: Pairs): Pick<Found, "body" | "isWhole" | "advice"> {
  const data = pairsOf(field(request, "postData")) ?? [];
  const text = textOf(field(data, "text"), field(data, "encoding"));
  const size = Number(field(request, "bodySize") ?? -1);
  if (text !== undefined) return { body: text };
  const form = listOf(field(data, "params")).map((one): [string, unknown] => {
    const pairs = pairsOf(one) ?? [];
    return [String(field(pairs, "name") ?? ""), field(pairs, "value") ?? ""];
  });
  if (!form.length) return { body: size > 0 ? new Unread("hidden") : undefined, isWhole: size === 0 };
  const advice = "It has only its parameters, and they can be encoded in several ways. Choose the entry and use “Copy as cURL”.";
  return { body: plainForm(form), advice };
}

/** Returns text that may be in base64. Bytes that are not UTF-8 remain bytes. */
function textOf(text: unknown, encoding: unknown): string | Uint8Array | Unread | undefined {
  if (typeof text !== "string") return undefined;
  if (encoding !== "base64") return text;
  try {
    return decoded(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  } catch {
    return new Unread("hidden");
  }
}

function nameOf(value: unknown): string | undefined {
  // Rust prints a method as a name.
  const text = value instanceof Unread && /^(GET|POST|PUT|DELETE|PATCH)$/.test(value.name) ? value.name : value;
  return typeof text === "string" && /^[A-Za-z]{1,20}$/.test(text) ? text.toUpperCase() : undefined;
}

/** Returns what a subscription to a private feed of Futures signs: the challenge. */
function challengeOf(pairs: Pairs): Found | undefined {
  const [body, signature, key] = ["original_challenge", "signed_challenge", "api_key"].map((name) => field(pairs, name));
  if (typeof body !== "string" || typeof signature !== "string") return undefined;
  const headers: Header[] = [["Authent", signature], ...(typeof key === "string" ? [["APIKey", key] as const] : [])];
  return { format: "challenge", method: "SUBSCRIBE", url: "", headers, body, isWhole: true };
}

/** Returns the request that an object describes, if it has headers and a URL. */
export function requestOf(pairs: Pairs, isPython = false): Found | undefined {
  const pseudo = headersOf(new Entries("", pairs));
  const [target, authority = "api.kraken.com"] = [":path", ":authority"].map((one) => field(pairs, one));
  // The headers of HTTP/2, as Node takes and prints them.
  if (typeof target === "string" && isSigned({ headers: pseudo })) {
    const method = nameOf(field(pairs, ":method")) ?? "GET";
    return {
      format: "object",
      method,
      url: `https://${String(authority)}${target}`,
      headers: pseudo,
      body: method === "GET" ? "" : undefined,
    };
  }
  const headers = headersOf(field(pairs, "headers"));
  const url = urlOf(pairs);
  if (url === undefined || (!headers.length && typeof url !== "string")) return undefined;
  if (!headers.length && !/\/(0\/private|derivatives\/api)\//.test(String(url))) return undefined;
  const body = bodyOf(pairs, headers, isPython);
  const method = nameOf(field(pairs, "method", "type")) ?? (body === undefined ? "GET" : "POST");
  const isRust = rustUrl(field(pairs, "url")) !== undefined;
  const advice = isRust ? "reqwest does not print the body: print the text that the program passes to body()." : adviceOn(body, isPython);
  return { format: "object", method, url: withQuery(url, pairs), headers, body, ...(advice !== undefined && { advice }) };
}

function urlOf(pairs: Pairs): string | Unread | undefined {
  const url = field(pairs, "url", "uri", "href", "parsedURL", "requestUrl", "input");
  const base = field(pairs, "baseURL", "prefixUrl", "baseUrl", "prefix");
  const text = url instanceof URL ? url.href : (field(pairsOf(url) ?? [], "href") ?? rustUrl(url) ?? url);
  const isAbsolute = typeof text === "string" && /^https?:/i.test(text);
  if (typeof text === "string" && typeof base === "string" && !isAbsolute) return `${base.replace(/\/$/, "")}/${text.replace(/^\//, "")}`;
  if (typeof text === "string" || text instanceof Unread) return text;
  const [host, path] = [field(pairs, "hostname", "host"), field(pairs, "path", "pathname")];
  return typeof host === "string" && typeof path === "string" ? `https://${host}${path}` : undefined;
}

/** Returns a URL as `{:?}` of Rust prints it, by its parts. */
function rustUrl(url: unknown): string | undefined {
  if (!(url instanceof Entries) || url.type !== "Url") return undefined;
  const [scheme, host, path, query] = ["scheme", "host", "path", "query"].map((name) => field(url.pairs, name));
  if (typeof scheme !== "string" || typeof host !== "string" || typeof path !== "string") return undefined;
  return `${scheme}://${host}${path}${typeof query === "string" ? `?${query}` : ""}`;
}

/** Adds the parameters that an HTTP library adds to the URL. */
function withQuery(url: string | Unread, pairs: Pairs): string | Unread {
  const params = field(pairs, "params", "searchParams");
  if (params === undefined || url instanceof Unread) return url;
  const query = typeof params === "string" ? params.replace(/^\?/, "") : plainForm(pairsOf(params) ?? []);
  if (query instanceof Unread) return new Unread("hidden");
  return query ? `${url}${url.includes("?") ? "&" : "?"}${query}` : url;
}

/** Returns headers in any of their shapes. */
export function headersOf(value: unknown): Header[] {
  const rows = listOf(value);
  // Node has the names and values of raw headers one after the other.
  if (rows.length && rows.every((one) => typeof one === "string"))
    return rows.flatMap((name, index): Header[] => (index % 2 ? [] : [[name, textOfHeader(rows[index + 1])]]));
  const pairs: Pairs =
    pairsOf(value) ??
    rows.map((one): [string, unknown] => {
      if (Array.isArray(one)) return [String(one[0]), one[1]];
      const entry = pairsOf(one) ?? [];
      return [String(field(entry, "name", "key") ?? ""), field(entry, "value") ?? ""];
    });
  return pairs.filter(([, one]) => !(pairsOf(one) && !(one instanceof Unread))).map(([name, one]): Header => [name, textOfHeader(one)]);
}

function textOfHeader(value: unknown): string | Unread {
  if (value instanceof Unread) return value;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (Array.isArray(value)) return value.some((one) => one instanceof Unread) ? new Unread("hidden") : value.map(String).join(", ");
  return typeof value === "string" || typeof value === "number" || typeof value === "bigint" ? String(value) : "";
}

/** Says how to get a body of which only the parameters are known. */
export const adviceOn = (body: Found["body"], isPython: boolean): string | undefined =>
  isPython && body instanceof Unread
    ? "A dict has only the parameters, and libraries encode them in several ways. Print response.request.body, which is the text that was sent."
    : undefined;

function bodyOf(pairs: Pairs, headers: readonly Header[], isPython: boolean): Found["body"] {
  const json = field(pairs, "json");
  const form = field(pairs, "form");
  const body = field(pairs, "body", "data", "postData", "content", "_body");
  // Python's libraries write JSON with spaces or without them.
  if (body === undefined && typeof json === "object") return isPython ? new Unread("hidden") : known(jsonOf(entriesOf(json)));
  const fields = pairsOf(body ?? form);
  const value = body ?? form;
  if (value instanceof URLSearchParams) return value.toString();
  if (value instanceof ArrayBuffer) return decoded(new Uint8Array(value));
  if (ArrayBuffer.isView(value)) return decoded(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (typeof value === "string" || value === undefined || value instanceof Unread) return value;
  if (value instanceof Entries && value.type === "URLSearchParams") return encodedForm(value.pairs);
  const type = headers.find(([name]) => /^content-type$/i.test(name))?.[1];
  // Python's libraries send a dict as a form, whatever the header says.
  const isForm = form !== undefined || (isPython && value instanceof Entries && !value.type);
  if (isForm || (typeof type === "string" && /urlencoded/i.test(type))) return plainForm(fields ?? []);
  // A class, such as a stream or a Blob, is more than its fields.
  if (value instanceof Entries ? value.type : !isPlain(value)) return new Unread("hidden");
  return known(jsonOf(entriesOf(value)));
}

const known = (value: string | Unread): string | Unread => value;

const isPlain = (value: unknown): boolean =>
  Array.isArray(value) ||
  (typeof value === "object" && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null));

/** Returns a value of a program in the form of those that were read from a text. */
function entriesOf(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST) return new Unread("hidden");
  if (Array.isArray(value)) return value.map((one) => entriesOf(one, depth + 1));
  const pairs = value instanceof Entries ? undefined : pairsOf(value);
  return pairs
    ? new Entries(
        "",
        pairs.map(([name, one]) => [name, entriesOf(one, depth + 1)]),
      )
    : value;
}

/** Encodes fields as URLSearchParams does. */
function encodedForm(pairs: Pairs): string | Unread {
  const isKnown = pairs.every(([name, value]) => name !== "..." && typeof value === "string");
  return isKnown ? new URLSearchParams(pairs.map(([name, value]) => [name, value as string])).toString() : new Unread("cut");
}

/** Encodes fields whose characters all encoders leave alone. Others could have been sent in several ways. */
function plainForm(pairs: Pairs): string | Unread {
  const fields = pairs.filter(([, value]) => value !== undefined && value !== null);
  const simple = (value: unknown): boolean => /^[\w.-]*$/.test(String(value)) && typeof value !== "object" && typeof value !== "boolean";
  if (!fields.every(([name, value]) => name !== "..." && simple(name) && simple(value))) return new Unread("hidden");
  return fields.map(([name, value]) => `${name}=${String(value)}`).join("&");
}

/** Returns the form of a dict or an object, if it can be encoded in one way only. */
export const formOf = ({ pairs }: Entries): string | Unread => plainForm(pairs);
