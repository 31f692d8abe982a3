// Recognizes requests in the forms in which people have them.
import { described } from "../../checks.js";
import { InvalidRequestError } from "../../errors.js";
import { jsonOf } from "../../rest/answer/json.js";
import { requestsOfCurl, hasCurl, type ReadFile } from "./curl.js";
import { hasMessage, messagesOf, pythonOf, traceOf, verboseOf } from "./http.js";
import { loggedOf, quotedOf } from "./logs.js";
import { fetchesOf, requestsInLines } from "./lines.js";
import { requestsIn } from "./objects.js";
import { logonsOf } from "./fix.js";
import { foundInCall, foundInRequest, isFetchCall, isRequest } from "./fetch.js";
import { hasWebRequest, webRequestsOf } from "./pwsh.js";
import { type CapturedRequest, type Found, capturedOf, isSigned } from "./request.js";

/** Options for {@link capturedRequest} and {@link capturedRequests}. */
export interface CaptureOptions {
  /**
   * Reads a file that a curl command names, or its standard input for `-`.
   *
   * @default Such a body counts as missing.
   */
  readFile?: ((name: string) => Promise<string>) | undefined;
}

/** The longest text that is searched, in characters. JSON, such as a HAR file, may be longer. */
const LONGEST = 2_000_000;

const TAKEN =
  "a curl command, the output of curl -v or --trace-ascii, a HAR file, a fetch call, a PowerShell command, an error or a configuration of axios or got, " +
  "the output of Python's http.client, an HTTP message, a log of one, or a FIX logon";

/** Returns the requests in a text. Each form is looked for where the ones before it are not found. */
async function foundIn(text: string, readFile: ReadFile | undefined): Promise<Found[]> {
  const json = parsed(text);
  const inJson = json === undefined ? [] : requestsIn(json);
  if (inJson.length) return inJson;
  if (text.length > LONGEST)
    throw new InvalidRequestError("The text is too long to find a request in it. Pass only the part about one request.");
  if (hasCurl(text)) return requestsOfCurl(text, readFile);
  const messages = hasMessage(text) ? messagesOf(text) : [];
  const forms: (() => Found[])[] = [
    () => traceOf(text),
    () => verboseOf(text),
    () => pythonOf(text),
    () => (hasWebRequest(text) ? webRequestsOf(text) : []),
    () => fetchesOf(text),
    () => loggedOf(text),
    () => signed(messages),
    () => signed(requestsInLines(text)),
    () => logonsOf(text),
    () => quotedOf(text),
    () => messages,
    () => requestsInLines(text),
  ];
  for (const form of forms) {
    const found = form();
    if (found.length) return found;
  }
  return [];
}

/** Returns a text without U+FEFF at its beginning and without the fences of Markdown, which are no part of it. */
const plainOf = (text: string): string =>
  text.replace(/^\ufeff/, "").replace(/^[ \t]{0,20}(?:`{3,9}|~{3,9})[\w-]{0,20}[ \t]{0,20}\r?$/gm, "");

/** Returns requests if one of them is signed. Otherwise another form may show more of the same request. */
const signed = (found: Found[]): Found[] => (found.some(isSigned) ? found : []);

/** Returns the value of JSON, which a log may have after a label, or nothing. */
function parsed(text: string): unknown {
  const start = /^\s*[[{]/.test(text) ? 0 : text.search(/\n\s{0,20}\{|^[\w .:-]{1,80}\{/) >>> 0;
  const value = exactly(text.slice(start === 0 ? 0 : text.indexOf("{", start)));
  return typeof value === "object" ? value : undefined;
}

/** Parses JSON. A nonce in nanoseconds keeps its digits, except in long texts such as HAR files, in which bodies are strings. */
function exactly(json: string): unknown {
  try {
    return json.length > LONGEST ? JSON.parse(json) : jsonOf(json);
  } catch {
    return undefined;
  }
}

/** Explains why a text has no request, as far as its lines show it. */
function nothingIn(source: unknown): InvalidRequestError {
  const text = typeof source === "string" ? source : "";
  if (/urllib3\.connectionpool|"POST [^"\n]{1,200} HTTP\/[\d.]+" \d/.test(text))
    return new InvalidRequestError(
      "The log of urllib3 has neither headers nor a body. Set http.client.HTTPConnection.debuglevel = 1, and paste the lines that begin with “send:”.",
    );
  if (/\baxios (GET|POST|PUT|DELETE) https?:/.test(text))
    return new InvalidRequestError(
      "The log of axios-debug-log has neither headers nor a body. Print JSON.stringify(response.config), or that of the error, and paste it.",
    );
  if (typeof source === "object" && source !== null && "log" in source)
    return new InvalidRequestError("The HAR file has no entries with a request.");
  return new InvalidRequestError(`No request was found in what was given. It can be ${TAKEN}.`);
}

/**
 * Returns all requests in a text or an object, in their order.
 *
 * Takes what {@link capturedRequest} takes.
 *
 * @throws InvalidRequestError if there is no request, or it is not certain what was sent
 *
 * @example
 * ```ts
 * for (const { number, method, path, rejected } of await capturedRequests(har)) console.log(number, method, path, rejected);
 * ```
 */
export async function capturedRequests(source: string | object, options: CaptureOptions = {}): Promise<CapturedRequest[]> {
  if (isRequest(source)) return [capturedOf(await foundInRequest(source))];
  if (isFetchCall(source)) return [capturedOf(await foundInCall(source))];
  const isText = typeof source === "string";
  if (!isText && (typeof source !== "object" || source === null))
    throw new InvalidRequestError(`Invalid request: expected text or an object, got ${described(source)}.`);
  // U+FEFF at the beginning is no part of the text.
  const found = isText ? await foundIn(plainOf(source), options.readFile) : requestsIn(source);
  if (!found.length) throw nothingIn(isText ? (parsed(source) ?? source) : source);
  return found.map((one, index) => ({ ...capturedOf(one), number: one.number ?? index + 1 }));
}

/**
 * Returns the request in a text or an object: the only one whose signature Kraken rejected, or else the only one that has a signature.
 *
 * Takes a `Request`, or a `clone()` that was made before it was sent; the arguments of `fetch`, as an array; a HAR file or an entry of it, as text or
 * object; a curl command, also with its output, and the output of `--trace-ascii`; “Copy as fetch” and “Copy as PowerShell” of browsers; an error,
 * a response or a configuration of axios or got, as it is or as it was printed; the output of Python's http.client with `debuglevel`; an HTTP message, also
 * with times before its lines, and as okhttp, Postman, HTTPie, Go's `httputil` and Rust's reqwest log it.
 * Also takes the logon of FIX, as it was sent or as a log prints it: its parts are those of a Futures request without a path.
 * Text is only read, never run. The private key is not looked for in it.
 *
 * A part that the text hides or cuts off is not guessed: `missing` says in a sentence how to get it.
 *
 * @param options - its `entry` is the number of the request, from 1, if there are several
 * @throws InvalidRequestError if there is no request, or there are several to choose from, or it is not certain what was sent
 *
 * @example
 * ```ts
 * const { missing, ...request } = await capturedRequest(text);
 * for (const { message } of missing) console.log(message);
 * ```
 */
export async function capturedRequest(
  source: string | object,
  options: CaptureOptions & {
    /** The number of the request, from 1, if there are several; by default, the one that was rejected. */
    entry?: number | undefined;
  } = {},
): Promise<CapturedRequest> {
  return chosen(await capturedRequests(source, options), options.entry);
}

/** Returns the request with a number or, without one, the only one that can be meant. */
export function chosen(all: readonly CapturedRequest[], entry?: number): CapturedRequest {
  if (entry !== undefined) {
    const one = all.find(({ number }) => number === entry);
    if (!one) throw new InvalidRequestError(`Invalid entry: expected a number from 1 to ${all.at(-1)!.number}, got ${entry}.`);
    return one;
  }
  const candidates = candidatesOf(all);
  if (candidates.length === 1) return candidates[0]!;
  if (!candidates.length)
    throw new InvalidRequestError(
      `None of the ${all.length} requests has an API-Sign or Authent header, and none is a private one of Kraken's.`,
    );
  const rows = candidates.slice(-20).map(({ number, method, path }) => `  ${number}  ${method} ${path.replace(/\?.*/s, "")}`);
  const known = candidates[0]!.rejected ? "signatures were rejected" : "requests can be meant";
  throw new InvalidRequestError(
    `${candidates.length} ${known}. Choose one by its number, with \`entry\` (--entry on the command line):\n${rows.join("\n")}`,
  );
}

/** Returns the requests that can be meant: those that Kraken rejected, or else those with a signature, or else the private ones. */
export function candidatesOf(all: readonly CapturedRequest[]): CapturedRequest[] {
  const isPrivate = ({ format, path, missing }: CapturedRequest): boolean =>
    format === "fix" || /^\/(\d\/private|derivatives\/api|api\/|funding)/.test(path) || missing.some(({ part }) => part === "path");
  const hasSignature = ({ missing, signature }: CapturedRequest): boolean =>
    signature !== undefined || missing.some(({ part, message }) => part === "signature" && !message.includes("has no signature"));
  const signed = all.filter(hasSignature);
  const rejected = signed.filter((one) => one.rejected);
  return rejected.length ? rejected : signed.length ? signed : all.filter(isPrivate);
}
