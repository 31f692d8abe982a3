// Finds requests in text around literals: a call of fetch, objects as Node and Python print them, and headers between other lines.
import { Entries, Literals, NotLiteral, Unread } from "./literal.js";
import { adviceOn, formOf, headersOf, requestOf, requestsIn } from "./objects.js";
import { type Found, isRejection, isSigned } from "./request.js";

/** A literal and its position in a text. */
interface Placed {
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
}

const CALL = /\bfetch\s{0,20}\(/g;

/** Returns the requests of the calls of fetch in a text. */
export function fetchesOf(text: string): Found[] {
  const literals = new Literals(text);
  return [...text.matchAll(CALL)].flatMap(({ index, 0: call }) => {
    try {
      const [input, init] = literals.argumentsAt(index + call.length);
      return fetchOf(input, init);
    } catch (error) {
      if (error instanceof NotLiteral) return [];
      throw error;
    }
  });
}

/** Returns the request of the arguments of fetch, as they were read from a text. */
function fetchOf(input: unknown, init: unknown): Found[] {
  if (typeof input !== "string" && !(input instanceof Unread)) return [];
  // A variable in place of the options hides everything in them.
  const pairs = init instanceof Entries ? init.pairs : init === undefined ? [] : [["headers", init] as const, ["body", init] as const];
  const isHidden = pairs.some(([name, value]) => name === "..." || (name === "headers" && value instanceof Unread));
  const headers = headersOf(pairs.find(([name]) => name === "headers")?.[1]);
  // A header makes it a request, whatever its URL is.
  const found = requestOf([["url", input], ["headers", [["Accept", ""], ...headers]], ...pairs]);
  const signature = isHidden ? [["API-Sign", new Unread("variable")] as const] : [];
  const { method = "GET", body } = found ?? {};
  return [{ format: "fetch", method, url: input, headers: [...headers, ...signature], body, isWhole: true }];
}

/** Returns the literals in a text, from the outside: none that is within another one. */
function literalsIn(text: string): Placed[] {
  const literals = new Literals(text);
  const placed: Placed[] = [];
  for (const { index } of text.matchAll(/[{[]/g)) {
    if (index < (placed.at(-1)?.end ?? 0)) continue;
    try {
      placed.push({ start: index, value: literals.valueAt(index), end: literals.at });
    } catch (error) {
      // Text that cannot be read is not a literal, but a part of it may be one.
      if (!(error instanceof NotLiteral)) throw error;
    }
  }
  return placed;
}

const LABEL = /^\s*(?:[\w.]+:)*\s*(?:request[ ._]*)?(?:body|data|payload|post_?data)(?:\s*[:=]\s*|\s+(?=\{|\S{1,60}=))/i;

/** A header on a line of its own, as in a note. */
const NOTED =
  /^[ \t>*-]{0,20}["']?(API-Key|API-Sign|API-Nonce|API-OTP|APIKey|Authent|Nonce)["']?[ \t]{0,20}[:=][ \t]{0,20}["']?([^\s"',]{1,4000})["']?,?[ \t]*\r?$/gim;

/** Returns the headers that are on lines of their own. What is around them is the rest of the text. */
function notedIn(text: string): Placed | undefined {
  const all = [...text.matchAll(NOTED)];
  const value = new Entries(
    "",
    all.map(([, name, one]) => [name!, one!]),
  );
  const { index = 0, 0: last = "" } = all.at(-1) ?? {};
  return isSigned({ headers: headersOf(value) }) ? { start: index, end: index + last.length, value } : undefined;
}

/** Returns the requests in the objects in a text, or one whose URL, headers and body are on lines of their own. */
export function requestsInLines(given: string): Found[] {
  // aiohttp prints headers as a class of its own.
  const text = given.replace(/<CIMultiDict(?:Proxy)?\(((?:'[^'\n]{0,4000}': '[^'\n]{0,4000}'(?:, )?){1,100})\)>/g, "{$1}");
  const isPython = PYTHON.test(text);
  const placed = literalsIn(text);
  const found = requestsIn(
    placed.map(({ value }) => value),
    isPython,
  );
  if (found.some(isSigned)) return found.map((one) => ({ ...one, rejected: !!one.rejected || (found.length === 1 && isRejection(text)) }));
  const head = placed.find(({ value }) => value instanceof Entries && isSigned({ headers: headersOf(value) })) ?? notedIn(text);
  if (!head) return found;
  const around = `${text.slice(0, head.start)}\n${text.slice(head.end)}`;
  const url = /https?:\/\/[^\s'"<>,)]{1,4000}|(?<=^|[\s'"])\/(?:0\/private|derivatives\/api)\/[^\s'"<>,)]{1,4000}/.exec(around)?.[0];
  const method = /\b(GET|POST|PUT|DELETE)\b/.exec(around)?.[1];
  const others = placed.filter((one) => one !== head);
  const body =
    argumentIn(text, others) ??
    textArgumentIn(text) ??
    bodyIn(text.slice(head.end).split("\n")) ??
    bodyIn(text.slice(0, head.start).split("\n"));
  const isGet = method === "GET";
  const isDict = isPython || others.some(({ value }) => value instanceof Entries);
  const advice = text === given ? adviceOn(body, isDict) : "aiohttp keeps no body: print the text that the program passes as data.";
  return [
    {
      format: "lines",
      method: method ?? "POST",
      url: url ?? new Unread("hidden"),
      headers: headersOf(head.value),
      body: body ?? (isGet ? "" : undefined),
      rejected: isRejection(text),
      ...(advice !== undefined && { advice }),
    },
  ];
}

/** A field of a Python dict that describes a request. */
const PYTHON = /'(?:url|headers|data|json)'\s{0,20}:/;

/** The name of an argument in a call, before a dict. */
const ARGUMENT = /[(,]\s{0,80}(data|json)\s{0,20}=\s{0,20}$/;

/** A text that is an argument in a call. */
const TEXT = /[(,]\s{0,80}data\s{0,20}=\s{0,20}(?=b?["'])/;

/** Returns the body that is a text in a call of Python's requests. */
function textArgumentIn(text: string): Found["body"] {
  const found = TEXT.exec(text);
  if (!found) return undefined;
  try {
    return new Literals(text).valueAt(found.index + found[0].length) as Found["body"];
  } catch {
    return new Unread("cut");
  }
}

/** Returns the body that Python's requests makes of a dict: of `data` a form; of `json` a text whose spaces are not known. */
function argumentIn(text: string, placed: readonly Placed[]): Found["body"] {
  for (const { start, value } of placed) {
    const [, name] = ARGUMENT.exec(text.slice(Math.max(start - 200, 0), start)) ?? [];
    if (name && value instanceof Entries) return name === "data" ? formOf(value) : new Unread("hidden");
  }
  return undefined;
}

/** A form or JSON, as a text of its own. */
const BODY = /^\s*(?:b?['"])?(?:[\w[\]%.-]{1,60}=\S*|\{\s*".*)\s*$/;

/** Returns the body from the line that is labeled as the body, or that begins with a field of a request. */
function bodyIn(lines: readonly string[]): Found["body"] {
  const label = lines.findIndex((one) => LABEL.test(one));
  const next = lines[label + 1] ?? "";
  // ccxt prints the body on the line after its label.
  const isBelow = label >= 0 && !lines[label]!.replace(LABEL, "").trim() && BODY.test(next);
  const line =
    (isBelow ? next : lines[label]) ??
    lines.find((one) => /^\s*(?:b?['"])?(?:\{\s*")?[\w[\]%]{1,60}(?:=|":)[^\s=]/.test(one) && /nonce/.test(one));
  if (line === undefined) return undefined;
  const content = line.replace(LABEL, "").trim();
  if (/^(None|null|undefined|)$/.test(content)) return "";
  if (content.startsWith("{'")) return dictIn(content);
  if (!/^(b?['"]|<)/.test(content)) return content;
  try {
    const value = new Literals(content).valueAt(0);
    return typeof value === "string" || value instanceof Uint8Array || value instanceof Unread ? value : undefined;
  } catch {
    return new Unread("cut");
  }
}

/** Returns the form of a dict as Python prints it: a request never has this text itself. */
function dictIn(content: string): Found["body"] {
  try {
    const value = new Literals(content).valueAt(0);
    return value instanceof Entries ? formOf(value) : new Unread("hidden");
  } catch {
    return new Unread("cut");
  }
}
