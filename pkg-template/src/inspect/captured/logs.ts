// Removes what logs add to HTTP messages: the beginnings of lines, the arrows of okhttp, escapes, and the pseudo headers of HTTP/2.
import { decoded } from "./bytes.js";
import { messagesOf } from "./http.js";
import { Literals, NotLiteral } from "./literal.js";
import { type Found, isSigned } from "./request.js";

/** The line that begins a request, after the beginning that a log gives each line. The longest target is that of `hasMessage`. */
const BEGIN =
  /^(.{0,160}?)(--> )?((?:GET|POST|PUT|DELETE|PATCH) (?:\/|https?:\/\/)\S{1,4000})(?: (?:HTTP\/[\d.]+|http\/1\.[01]|h2))?[ \t]*\r?$/;

/** A time, or the tag of Android's log. */
const TIME = /\d{1,2}:\d\d:\d\d|^[VDIWEF]\/[\w.$-]{1,40}\b/;

/** Returns the pattern of the beginnings of lines like this one: numbers may differ, and so may the white space. */
function patternOf(beginning: string): RegExp {
  const escaped = beginning.trim().replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  return new RegExp(`^[ \\t]*${escaped.replace(/\d+/g, "\\d+").replace(/[ \t]+/g, "[ \\t]+")}(?:[ \\t]|(?=\\r?$))`);
}

/** Returns the lines without the beginnings that a log gave them. */
function withoutBeginnings(lines: readonly string[]): string[] {
  const plain: string[] = [];
  let pattern: RegExp | undefined;
  for (const [index, line] of lines.entries()) {
    const [, beginning = "", arrow, start = ""] = (line.length < 5000 && BEGIN.exec(line)) || [];
    if (!start) plain.push(pattern ? line.replace(pattern, "") : line);
    else if (!beginning.trim()) {
      pattern = undefined;
      plain.push(arrow ? `${beginning}${start}` : line);
    } else {
      const own = /[\s:|\]>]$/.test(beginning) ? patternOf(beginning) : undefined;
      pattern = own && (TIME.test(beginning) || own.test(lines[index + 1] ?? "")) ? own : undefined;
      plain.push(pattern ? start : line);
    }
  }
  return plain;
}

const PSEUDO = /^[ \t]{0,20}:(authority|method|path|scheme)[ \t]*:[ \t]*(\S{1,4000})[ \t]*\r?$/;

/** Returns the lines with a first line in place of the pseudo headers of HTTP/2, which browsers and proxies show. */
function withFirstLines(lines: readonly string[]): string[] {
  const plain: string[] = [];
  let fields: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value = ""] = (line.startsWith(":", line.search(/\S/)) && PSEUDO.exec(line)) || [];
    if (name) fields[name] = value;
    else {
      const { method, path, authority } = fields;
      if (method && path) plain.push(`${method} ${path} HTTP/2`, ...(authority ? [`host: ${authority}`] : []));
      fields = {};
      plain.push(line);
    }
  }
  return plain;
}

/** Returns the signed requests in a log that has more in its lines than the HTTP messages. */
export function loggedOf(text: string): Found[] {
  const lines = text.split("\n");
  const plain = withFirstLines(withoutBeginnings(lines));
  if (plain.length === lines.length && plain.every((line, index) => line === lines[index])) return [];
  return messagesOf(plain.join("\n")).filter(isSigned);
}

/** The quotes before a message, and the letter before those of bytes. */
const QUOTED = /(?:\bb|(?<!\w))["'](?=(?:GET|POST|PUT|DELETE|PATCH) \S{1,4000} HTTP\/[\d.]+\\r\\n)/g;

/** Returns the requests in a log that prints a message as a text with escapes, as `%q` of Go and `{:?}` of Rust do. */
export function quotedOf(text: string): Found[] {
  const literals = new Literals(text);
  const found: Found[] = [];
  for (const { index } of text.matchAll(QUOTED)) {
    try {
      const value = literals.valueAt(index);
      const message = value instanceof Uint8Array ? decoded(value) : value;
      if (typeof message === "string") found.push(...messagesOf(message));
    } catch (error) {
      if (!(error instanceof NotLiteral)) throw error;
    }
  }
  return found.filter(isSigned);
}
