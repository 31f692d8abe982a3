// The parts of a request that its signature covers, from the request as a text or an object shows it.
import { decoded } from "./bytes.js";
import { Unread } from "./literal.js";

/** The form in which a request was given. */
export type CaptureFormat =
  | "request"
  | "fetch"
  | "har"
  | "curl"
  | "curl-verbose"
  | "curl-trace"
  | "python-debug"
  | "powershell"
  | "http"
  | "object"
  | "lines"
  | "fix"
  | "challenge";

/** A part that a capture does not show. */
export interface MissingPart {
  /** The part. Without `path`, `body` and `signature`, a signature cannot be investigated. */
  part: "path" | "body" | "signature" | "key" | "nonce";
  /** An explanation of what is missing and how to get it, in full sentences. */
  message: string;
}

/** A request as a capture shows it, without the private key. It is the input of `investigate`, once a private key is added. */
export interface CapturedRequest {
  /** The form in which it was given. */
  format: CaptureFormat;
  /** Its number in the capture, from 1: of a HAR file, the number of the entry. */
  number: number;
  /** The HTTP method. */
  method: string;
  /** The product. */
  api: "spot" | "futures";
  /** The path that was sent, with its query, unless that is the body of a Futures request. */
  path: string;
  /** The nonce of a header; absent if there is none. */
  nonce?: string;
  /** The body as it was sent, or the query of a Futures request without a body; absent if the capture does not show all of it. */
  body?: string | Uint8Array;
  /** The API key; absent if the capture does not show it. */
  key?: string;
  /** The signature; absent if the capture does not show it. */
  signature?: string;
  /** The same request as it was sent, with its two-factor code. */
  sent: {
    /** The path that was sent. */
    path: string;
    /** The nonce of a header; absent if there is none. */
    nonce?: string;
    /** The body as it was sent; of a FIX logon, all fields but the password; absent if the capture does not show all of it. */
    body?: string | Uint8Array;
    /** The two-factor code or password; absent if there is none. */
    otp?: string;
  };
  /** Whether the capture shows that Kraken rejected the signature. */
  rejected: boolean;
  /** The parts that the capture does not show; empty if it shows the whole request. */
  missing: MissingPart[];
}

/** A header as it was found. A value that the capture hides is `Unread`. */
export type Header = readonly [name: string, value: string | Unread];

/** A request as it was found. */
export interface Found {
  readonly format: CaptureFormat;
  readonly method: string;
  /** The text as it was written, since a URL parser would rewrite it. */
  readonly url: string | Unread;
  readonly headers: readonly Header[];
  /** `undefined` if no body was found, which does not prove that none was sent. */
  readonly body: string | Uint8Array | Unread | undefined;
  /** All that was sent, where `body` is only the part of it that is signed. */
  readonly sentBody?: string;
  /** Whether the capture contains everything that was sent, so that a body that is not there was not sent. */
  readonly isWhole?: boolean;
  /** Whether the values are those of a program, and no log can have changed them. */
  readonly isExact?: boolean;
  readonly rejected?: boolean;
  readonly number?: number;
  /** How to get a body that is missing, if that is special. */
  readonly advice?: string;
}

/** Whether a text is an answer of Kraken to a signature that it rejected. */
export const isRejection = (text: string): boolean => /EAPI:Invalid signature|authenticationError/.test(text);

const SIGNATURE = /^(api-sign|authent)$/i;

/** Whether a header has the name of one that carries a signature. */
export const isSigned = ({ headers }: Pick<Found, "headers">): boolean => headers.some(([name]) => SIGNATURE.test(name));

const targetOf = (url: string): string => /^(?:[a-z]+:\/\/[^/?#]*)?([^#]*)/i.exec(url)?.[1] ?? "";

const FUTURES = /^\/(derivatives|api\/(v\d|history|auth|charts))\//;

const ADVICE: Readonly<Record<CaptureFormat, string>> = {
  request: "Pass a clone() of the request that was made before it was sent.",
  fetch: "Pass the arguments with the values that were sent.",
  har: "Export the HAR file again with its content, or choose the entry and use “Copy as cURL”.",
  curl: "Paste the command with the values that were sent.",
  "curl-verbose": "Paste the command together with its output, or run it with --trace-ascii - instead of -v.",
  "curl-trace": "Paste all of the output, from the line “=> Send header” on.",
  "python-debug": "Set http.client.HTTPConnection.debuglevel = 1, and paste all lines that begin with “send:”.",
  powershell: "Paste the command with the values that were sent.",
  http: "Record the request with a tool that shows all of it, such as mitmproxy or curl --trace-ascii -.",
  object: "In Node, print it with console.dir(value, { depth: null, maxStringLength: null }), and the body of the request as text.",
  lines: "Print response.request.url, dict(response.request.headers) and response.request.body.",
  fix: "Paste the whole message, with the fields 34, 49, 56, 553, 554 and 5025.",
  challenge: "Paste the whole message of the subscription.",
};

const NAMES: Readonly<Record<CaptureFormat, string>> = {
  request: "request",
  fetch: "fetch call",
  har: "HAR entry",
  curl: "curl command",
  "curl-verbose": "output of curl",
  "curl-trace": "trace of curl",
  "python-debug": "output of http.client",
  powershell: "PowerShell command",
  http: "request",
  object: "log",
  lines: "text",
  fix: "FIX logon",
  challenge: "subscription",
};

/** Whether a log wrote something in place of a value. */
const isHidden = (text: string): boolean =>
  /\*\*|\.\.\.|…|[•█]{2}/.test(text) ||
  /^[<[({]?\s*(?:redacted|masked|hidden|filtered|removed|secret|sensitive|sanitized|x{4,})\b/i.test(text);

/** Whether a log shortened a signature, and what is there is enough to compare: 128 bits, in base64 or hexadecimal. */
const isShortened = (text: string): boolean => /^[\w+/-]{24,}(…|\.{3})$/.test(text);

/** Explains why a value is not there, without showing it. */
function reasonOf(what: string, value: Unread | undefined, place: string): string {
  if (value === undefined) return `The ${place} does not show ${what}.`;
  if (value.reason === "cut") return `The ${place} shows only a part of ${what}.`;
  if (value.reason === "variable") return `In the ${place}, ${what} is the name of a variable or a computation, and not its value.`;
  if (value.reason === "changed")
    return `The ${place} shows ${what} in another form than it was sent: its length is not the Content-Length.`;
  return `The ${place} hides ${what}.`;
}

const unsigned = (format: CaptureFormat, name: string): string =>
  format === "fix"
    ? `The FIX logon has no signature: it has no field Password (554). ${ADVICE.fix}`
    : `The ${NAMES[format]} has no signature: ${name} is not among its headers.${/^(request|fetch)$/.test(format) ? "" : ` ${ADVICE[format]}`}`;

/** Collects the parts of a request, and what is missing. */
class Reader {
  readonly missing: MissingPart[] = [];

  constructor(readonly found: Found) {}

  /** Returns a header, if the capture shows it. */
  header(name: string, part?: MissingPart["part"]): string | undefined {
    const value = this.found.headers.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];
    const text = typeof value === "string" ? value.trim() : value;
    const isShown = typeof text === "string" && (this.found.isExact || !isHidden(text) || (part === "signature" && isShortened(text)));
    if (part && text !== undefined && !isShown)
      this.miss(part, `the ${name} header`, text instanceof Unread ? text : new Unread(/\.\.\.|…/.test(text) ? "cut" : "hidden"));
    return isShown && text ? text : undefined;
  }

  miss(part: MissingPart["part"], what: string, value: Unread | undefined): void {
    const { format, advice } = this.found;
    const help = (part === "body" && advice) || ADVICE[format];
    this.missing.push({ part, message: `${reasonOf(what, value, NAMES[format])} ${help}` });
  }

  /** Returns the body if the capture shows all of it. */
  body(isWrite: boolean): string | Uint8Array | undefined {
    const { body, isWhole, isExact, headers } = this.found;
    const length = Number(headers.find(([name]) => /^content-length$/i.test(name))?.[1] ?? NaN);
    if (body instanceof Unread) this.miss("body", "the body", body);
    else if (body === undefined) {
      if (isWhole || !isWrite || length === 0) return "";
      this.miss("body", "the body", undefined);
    } else if (
      !isExact &&
      typeof body === "string" &&
      /\*{3}|(?:\.\.\.|…|\[truncated\]|\(truncated\))\s*$|=(?:%5B|[[<])(?:redacted|masked|filtered)/i.test(body)
    )
      this.miss("body", "the body", new Unread(/\*{3}|redacted|masked|filtered/i.test(body) ? "hidden" : "cut"));
    else if (!isWhole && length > sizeOf(body)) {
      const lengths = `Its Content-Length is ${length}, but only ${sizeOf(body)} bytes are there.`;
      this.missing.push({ part: "body", message: `The ${NAMES[this.found.format]} shows only a part of the body. ${lengths}` });
    } else return typeof body === "string" ? body : decoded(body);
    return undefined;
  }
}

const sizeOf = (body: string | Uint8Array): number => (typeof body === "string" ? new TextEncoder().encode(body).length : body.length);

const otpIn = (body: string): string | undefined => /(?:^|&|")otp"?\s*[=:]\s*"?([^&"]*)/.exec(body)?.[1];

/** Returns the parts of a request. */
export function capturedOf(found: Found): CapturedRequest {
  const reader = new Reader(found);
  const { url, method } = found;
  const isReadable = typeof url === "string" && !isHidden(url);
  if (!isReadable) reader.miss("path", "the URL", url instanceof Unread ? url : new Unread("cut"));
  const target = isReadable ? targetOf(url) : "";
  // A FIX logon and a challenge have no path: they are signed as a Futures request without one.
  const path = /^(fix|challenge)$/.test(found.format) || target.startsWith("/") ? target : `/${target}`;
  const named = (name: string): boolean => found.headers.some(([one]) => one.toLowerCase() === name);
  const isFutures =
    named("authent") ||
    (!named("api-sign") && (FUTURES.test(path) || named("apikey") || (isReadable && /^https?:\/\/[^/]*futures/i.test(url))));
  return { ...partsOf(reader, path, isFutures), format: found.format, number: found.number ?? 1, method, rejected: !!found.rejected };
}

function partsOf(reader: Reader, whole: string, isFutures: boolean): Omit<CapturedRequest, "format" | "number" | "method" | "rejected"> {
  const { method, sentBody } = reader.found;
  const sent = reader.body(!/^(GET|HEAD)$/i.test(method));
  const name = isFutures ? "Authent" : "API-Sign";
  const signature = reader.header(name, "signature");
  const key = reader.header(isFutures ? "APIKey" : "API-Key", "key");
  const nonce = reader.header(isFutures ? "Nonce" : "API-Nonce", "nonce");
  if (!isSigned(reader.found)) reader.missing.push({ part: "signature", message: unsigned(reader.found.format, name) });
  const [bare = "", query = ""] = whole.split(/\?(.*)/s);
  // Of a Futures request with a body, too, the inspector joins both.
  const isInQuery = isFutures && (/^GET$/i.test(method) || sent?.length === 0);
  const path = isInQuery ? bare : whole;
  const body = isInQuery && sent !== undefined ? query : sent;
  const otp = isFutures ? undefined : (reader.header("API-OTP") ?? (typeof body === "string" ? otpIn(body) : undefined));
  const signed = { path, ...(nonce && { nonce }), ...(body !== undefined && { body }) };
  return {
    api: isFutures ? "futures" : "spot",
    ...signed,
    ...(key && { key }),
    ...(signature && { signature }),
    sent: { ...signed, ...(sentBody !== undefined && { body: sentBody }), ...(otp && { otp }) },
    missing: reader.missing,
  };
}
