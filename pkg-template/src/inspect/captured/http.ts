// Reads requests from HTTP messages as text: from a proxy, from curl -v and --trace-ascii, and from Python's http.client.
import { decoded, joined } from "./bytes.js";
import { Literals, NotLiteral, Unread } from "./literal.js";
import { type CaptureFormat, type Found, type Header, isRejection } from "./request.js";

const START = /^[ \t]*(GET|POST|PUT|DELETE|PATCH) (\/\S*|https?:\/\/\S+)(?: HTTP\/[\d.]+)?[ \t]*$/;
const HEADER = /^[ \t]*(:?[\w-]+)[ \t]*:[ \t]*(.*)$/;

/** Whether a line begins a request, and not only names one. */
export const hasMessage = (text: string): boolean =>
  /^[ \t]*(?:GET|POST|PUT|DELETE|PATCH) (?:\/|https?:\/\/)\S{1,4000}(?: HTTP\/[\d.]+)?[ \t]*\r{0,2}\n[ \t]*[\w-]{1,80}[ \t]*:/m.test(text);

/** Returns all requests in a text. The text may contain answers, too. */
export function messagesOf(text: string, format: CaptureFormat = "http"): Found[] {
  const lines = text.split("\n");
  const starts = lines.flatMap((line, index) => (START.test(line.replace(/\r+$/, "")) ? [index] : []));
  return starts.map((start, index) => messageOf(lines.slice(start, starts[index + 1]), format));
}

function messageOf(lines: readonly string[], format: CaptureFormat): Found {
  const [, method = "", target = ""] = START.exec(lines[0]!.replace(/\r+$/, "")) ?? [];
  const headers: Header[] = [];
  let index = 1;
  for (; index < lines.length; index++) {
    const [, name, value] = HEADER.exec(lines[index]!.replace(/\r+$/, "")) ?? [];
    if (name === undefined) break;
    headers.push([name, value!]);
  }
  // Some tools indent all lines, and mitmproxy all but the first.
  const indent = /^[ \t]*/.exec(lines[index - 1]!)![0];
  const rest = lines.slice(index).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
  const host = headers.find(([name]) => /^(:authority|host)$/i.test(name))?.[1];
  return {
    format,
    method,
    url: target.startsWith("/") && typeof host === "string" ? `https://${host}${target}` : target,
    headers,
    ...bodyOf(rest, headers),
    rejected: isRejection(rest.join("\n")),
  };
}

/** Returns the body after the empty line: as many bytes as the header says, or all up to an answer. */
function bodyOf(lines: readonly string[], headers: readonly Header[]): Pick<Found, "body" | "advice"> {
  if (lines[0]?.trim() !== "") return { body: undefined };
  // okhttp says where a request ends, and whether it left out the body.
  const [text = ""] = lines
    .slice(1)
    .join("\n")
    .split(/^[ \t]{0,20}--> END /m);
  // wget has its own line for the body.
  if (text.startsWith("---request end---")) return { body: /^---request end---\r?\n\[(?:BODY|POST) data: ([^]*?)\]\r?\n/.exec(text)?.[1] };
  const isInChunks = headers.some(([name, value]) => /^transfer-encoding$/i.test(name) && /chunked/i.test(String(value)));
  const joinedChunks = isInChunks ? chunked(text) : undefined;
  if (joinedChunks !== undefined) return { body: joinedChunks };
  const length = Number(headers.find(([name]) => /^content-length$/i.test(name))?.[1] ?? NaN);
  if (length > 0 && !text.trim()) return { body: undefined };
  if (length >= 0) {
    const body = decoded(new TextEncoder().encode(text).slice(0, length));
    return isIndented(text) && !isJson(body)
      ? { body: new Unread("changed"), advice: "Print it as it was sent: with HTTPie, add --pretty=none." }
      : { body };
  }
  // Without a length, the body is what stands before an answer or an empty line. Bodies of Kraken's requests have neither.
  return { body: text.split(/^[ \t]*HTTP\/[\d.]+ \d|\n[ \t]*\r?(?:\n|(?![^]))|\n-{5,}/m)[0]!.replace(/\r?\n?$/, "") || undefined };
}

/** Returns a body that was sent in chunks, each after a line with its size, or nothing if the tool has joined them already. */
function chunked(text: string): string | Uint8Array | undefined {
  const bytes = new TextEncoder().encode(text);
  const parts: Uint8Array[] = [];
  for (let at = 0; ;) {
    const line = /^\r?\n?([\da-f]{1,6})[ \t]*(?:;[^\n]{0,200})?\r?\n/i.exec(new TextDecoder().decode(bytes.subarray(at, at + 220)));
    const size = parseInt(line?.[1] ?? "", 16);
    const start = at + (line?.[0].length ?? 0);
    if (size === 0) return decoded(joined(parts));
    if (!line || start + size > bytes.length) return undefined;
    parts.push(bytes.subarray(start, start + size));
    at = start + size;
  }
}

/** Whether a text begins with JSON on several lines, as tools print it for people. */
const isIndented = (text: string): boolean => /^[ \t]*[{[][ \t]*\r?\n/.test(text);

function isJson(body: string | Uint8Array): boolean {
  try {
    JSON.parse(body as string);
    return true;
  } catch {
    return false;
  }
}

/** Returns the request that curl -v printed. It never prints a body. */
export function verboseOf(text: string): Found[] {
  if (!/^> (GET|POST|PUT|DELETE|PATCH) /m.test(text)) return [];
  const lines = text.split("\n").filter((line) => line.startsWith("> "));
  const advice = "curl -v prints no body: paste the command as well, or run it with --trace-ascii - instead.";
  return messagesOf(lines.map((line) => line.slice(2)).join("\n"), "curl-verbose").map((found): Found => {
    const isEmpty = found.method === "GET";
    return { ...found, body: isEmpty ? "" : new Unread("hidden"), advice, rejected: isRejection(text) };
  });
}

const SECTION = /^(?:[\d:.]+ )?(=>|<=|==) (?:(Send|Recv) (header|data), (\d+) bytes)?/;

/** Returns the requests in the output of curl --trace-ascii or --trace. */
export function traceOf(text: string): Found[] {
  const sections: { kind: string; size: number; lines: string[] }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [start, , direction = "", kind = "", size] = SECTION.exec(line) ?? [];
    if (start !== undefined) sections.push({ kind: direction && `${direction} ${kind}`, size: Number(size), lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  const requests = sections.flatMap(({ kind }, index) => (kind === "Send header" ? [index] : []));
  return requests.flatMap((start, index) => {
    const own = sections.slice(start, requests[index + 1]);
    const [head] = messagesOf(new TextDecoder().decode(contentOf(own[0]!)), "curl-trace");
    if (!head) return [];
    const pieces = own.filter(({ kind }) => kind === "Send data");
    const bytes = pieces.map(contentOf);
    const isCut = bytes.some((part, at) => part.length !== pieces[at]!.size);
    const answer = own.filter(({ kind }) => kind === "Recv data").map((part) => new TextDecoder().decode(contentOf(part)));
    const body = isCut ? new Unread("cut") : pieces.length ? decoded(joined(bytes)) : undefined;
    return [{ ...head, body, rejected: isRejection(answer.join("")) }];
  });
}

/** Returns the bytes of a section: from hexadecimal digits, or from text, in which only a gap between offsets shows the end of a line. */
function contentOf({ size, lines }: { size: number; lines: readonly string[] }): Uint8Array {
  const rows = lines.flatMap((line) => {
    const [, offset, content = ""] = /^([\da-f]{4,}): (.*)$/.exec(line) ?? [];
    return offset === undefined ? [] : [{ offset: parseInt(offset, 16), content }];
  });
  const hex = rows.map(({ content }) => /^((?:[\da-f]{2} ){1,16})/.exec(content)?.[1]?.trim().split(" ") ?? []);
  if (rows.length && hex[0]!.length === Math.min(16, size)) return Uint8Array.from(hex.flat(), (pair) => parseInt(pair, 16));
  const parts = rows.map(({ offset, content }, index) => {
    const next = rows[index + 1]?.offset ?? size;
    return next - offset === content.length + 2 ? `${content}\r\n` : content;
  });
  return new TextEncoder().encode(parts.join(""));
}

/** Returns the requests that Python's http.client printed, after `debuglevel` was set, or Rust's reqwest, with `connection_verbose`. */
export function pythonOf(text: string): Found[] {
  const literals = new Literals(text);
  const sent: Uint8Array[] = [];
  for (const { index, 0: label } of text.matchAll(/\b(?:send|write|write \(vectored\)): ?(?=b?['"])/g)) {
    try {
      const value = literals.valueAt(index + label.length);
      if (value instanceof Uint8Array) sent.push(value);
      else if (typeof value === "string") sent.push(new TextEncoder().encode(value));
    } catch (error) {
      if (!(error instanceof NotLiteral)) throw error;
    }
  }
  const all = decoded(joined(sent));
  return messagesOf(typeof all === "string" ? all : new TextDecoder().decode(all), "python-debug").map((found) => ({
    ...found,
    rejected: isRejection(text),
  }));
}
