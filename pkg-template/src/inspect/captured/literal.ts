// Reads values as programs print them: JSON, JavaScript literals, Node's inspect, Python's repr. The text is only read, never run.
import { InvalidRequestError } from "../../errors.js";

/** A value that the text does not contain, or only in part. */
export class Unread {
  /**
   * @param reason - `cut`: the text has only a part of it; `hidden`: only its type; `variable`: only a name; `changed`: the text has it in another form
   * @param name - the name of the variable or type
   */
  constructor(
    readonly reason: "cut" | "hidden" | "variable" | "changed",
    readonly name = "",
  ) {}
}

/** Fields in the order of the text, with the name of their class, if it was printed. A field with the name `...` stands for more of them. */
export class Entries {
  constructor(
    readonly type: string,
    readonly pairs: readonly (readonly [name: string, value: unknown])[],
  ) {}
}

/** Levels of nesting that are read; beyond them, a text is no log of a request. */
const DEEPEST = 60;

/** Steps after which a text is too long to be searched any further. */
const STEPS = 6_000_000;

/** Why a text cannot be read on from here. It is caught in this file, and at each place where a value may begin. */
export class NotLiteral extends Error {}

/** The only one, since thousands of places may be tried. */
const NOT_LITERAL = new NotLiteral();

const CONSTANTS: Readonly<Record<string, unknown>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  null: null,
  None: null,
  undefined: undefined,
  NaN,
  Infinity,
};

/** Calls that change nothing in what they are given, as far as a request is concerned. */
const TRANSPARENT =
  /(^|\.)(OrderedDict|dict|CaseInsensitiveDict|AxiosHeaders|Headers|URLSearchParams|Map|bytearray|bytes|str|String|URL|from|encode|quote|Some|Domain)$/;

const ESCAPES: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", 0: "\0", "\n": "" };

/** A position in a text, and the values from there on. */
export class Literals {
  readonly #text: string;
  #steps = 0;
  /** The offset of the next character. */
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * Reads the value at an offset.
   *
   * @throws NotLiteral if there is none
   */
  valueAt(offset: number): unknown {
    this.at = offset;
    return this.#value(0);
  }

  /**
   * Reads arguments up to the closing parenthesis.
   *
   * @throws NotLiteral if they do not end
   */
  argumentsAt(offset: number): unknown[] {
    this.at = offset;
    return this.#list(")", 0);
  }

  /** Consumes the text that a sticky pattern matches here. */
  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text);
    if (!found) return undefined;
    this.at += found[0].length;
    this.#work(found[0].length);
    return found;
  }

  #work(steps: number): void {
    if ((this.#steps += steps) > STEPS)
      throw new InvalidRequestError("The text is too long to find a request in it. Pass only the part about one request.");
  }

  #skip(): void {
    while (this.#take(/\s+|\/\/[^\n]*|<ref \*\d+>/y));
  }

  #value(depth: number): unknown {
    this.#work(20);
    if (depth > DEEPEST) throw NOT_LITERAL;
    this.#skip();
    return this.#joined(this.#one(depth), depth);
  }

  #one(depth: number): unknown {
    let found;
    if ((found = this.#take(/([bBuUrRfF]{0,2})('''|"""|['"`])/y))) return this.#string(found[1]!.toLowerCase(), found[2]!);
    if ((found = this.#take(/<Buffer((?: [\da-f]{2})*)( \.\.\. \d+ more bytes?)?>/y)))
      return found[2] ? new Unread("cut") : bytesOf(found[1]!);
    if ((found = this.#take(/<([^<>\n]{1,200})>/y))) return new Unread("hidden", found[1]);
    if ((found = this.#take(/\d{4}-\d\d-\d\dT[\d:.]+Z/y))) return found[0];
    if ((found = this.#take(/-?(?:0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)n?/y))) return numberOf(found[0]);
    if ((found = this.#take(/\[([\w$]+): null prototype\]\s*(?=\{)/y))) return this.#one(depth);
    if ((found = this.#take(/\[(?:[A-Z]\w{0,80}(?: \*\d+|\/Setter|: [^\]\n]{0,500}| \([^\]\n]{0,200})?|class [^\]\n]{1,200})\]/y)))
      return this.#described(found[0], depth);
    if (this.#take(/\{/y)) return this.#entries("", depth);
    if (this.#take(/\[/y)) return this.#list("]", depth);
    if (this.#take(/\(/y)) {
      const values = this.#list(")", depth);
      return values.length === 1 ? values[0] : values;
    }
    return this.#named(depth);
  }

  /** Returns what Node prints for an object that it does not show, with the fields that a function may have. */
  #described(text: string, depth: number): unknown {
    if (this.#take(/\s*\{/y)) this.#entries("", depth);
    return new Unread("hidden", text);
  }

  /** Reads what begins with a name: a constant, a variable, a call, or an object with its class. */
  #named(depth: number): unknown {
    let found;
    const name = this.#take(/(?:new\s+|await\s+)*([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)/y)?.[1];
    if (name === undefined) throw NOT_LITERAL;
    if (name in CONSTANTS) return CONSTANTS[name];
    const size = this.#take(/\((\d+)\)\s*(?=[[{])/y)?.[1];
    const type = this.#take(/\s*\[([\w$: ]{1,80})\]\s*(?=\{)/y)?.[1];
    if (/Error$/.test(name) && (found = this.#take(/:[^\n]*(?:\n\s+at [^\n]*)*/y)))
      return found[0].endsWith("{") ? this.#entries(name, depth) : new Unread("hidden", name);
    if (this.#take(/\s*\{/y)) return this.#entries(type ?? name, depth);
    if (/Array$|^Buffer$/.test(name) && this.#take(/\s*\[/y)) return arrayOf(name, size, this.#list("]", depth));
    if (!this.#take(/\s*\(/y)) return new Unread("variable", name);
    const values = this.#list(")", depth);
    if (name === "JSON.stringify") return values[0] instanceof Unread ? values[0] : jsonOf(values[0]);
    if (!TRANSPARENT.test(name)) return new Unread("variable", `${name}(…)`);
    if (/Buffer\.from$/.test(name) && values.length > 1 && values[1] !== "utf8" && values[1] !== "utf-8")
      return new Unread("variable", name);
    return /URLSearchParams$/.test(name) && values[0] instanceof Entries ? new Entries("URLSearchParams", values[0].pairs) : values[0];
  }

  #string(prefix: string, quote: string): string | Uint8Array | Unread {
    const isRaw = prefix.includes("r");
    const piece = { "'": /[^'\\]+/y, '"': /[^"\\]+/y, "`": /[^`\\]+/y }[quote[0]!]!;
    const parts: string[] = [];
    let isDynamic = prefix.includes("f");
    for (;;) {
      const plain = this.#take(piece)?.[0];
      if (plain !== undefined) {
        parts.push(plain);
        isDynamic ||= quote === "`" && plain.includes("${");
      } else if (this.#text.startsWith(quote, this.at)) break;
      else if (this.#take(/\\/y)) parts.push(isRaw ? `\\${this.#take(/[^]/y)?.[0] ?? ""}` : this.#escaped(prefix.includes("b")));
      else if (this.at < this.#text.length) parts.push(this.#take(/[^]/y)![0]);
      else throw NOT_LITERAL;
    }
    this.at += quote.length;
    if (this.#take(/\.\.\. \d+ more characters?/y)) return new Unread("cut");
    const text = parts.join("");
    // A name in braces, such as {nonce}, makes an f-string depend on its program.
    if (isDynamic && (quote === "`" || text.includes("{"))) return new Unread("variable", "a template");
    return prefix.includes("b") ? latin1(text) : text;
  }

  #escaped(inBytes: boolean): string {
    const hex = this.#take(/x([\da-fA-F]{2})/y) ?? (inBytes ? undefined : this.#take(/u([\da-fA-F]{4})/y));
    if (hex) return String.fromCharCode(parseInt(hex[1]!, 16));
    const long = inBytes ? undefined : (this.#take(/u\{([\da-fA-F]{1,6})\}/y) ?? this.#take(/U([\da-fA-F]{8})/y));
    if (long) return codePoint(parseInt(long[1]!, 16));
    const octal = this.#take(/[0-7]{3}/y);
    if (octal) return String.fromCharCode(parseInt(octal[0], 8) & 0xff);
    const character = this.#take(/\r\n|[^]/y)?.[0];
    if (character === undefined) throw NOT_LITERAL;
    return ESCAPES[character === "\r\n" ? "\n" : character] ?? (/[\w]/.test(character) ? `\\${character}` : character);
  }

  /** Joins text that a program printed in pieces. Python joins neighbors, and JavaScript needs a plus. */
  #joined(first: unknown, depth: number): unknown {
    if (typeof first !== "string" && !(first instanceof Uint8Array)) return this.#chained(first, depth);
    const parts = [first];
    while (this.#take(/\s*\+\s*(?=['"`\w])|\s+(?=[bu]?['"])/y)) {
      const next = this.#one(depth + 1);
      if (typeof next !== typeof first) return this.#chained(new Unread("variable", next instanceof Unread ? next.name : ""), depth + 1);
      parts.push(next as typeof first);
    }
    if (parts.length === 1) return this.#chained(first, depth);
    return typeof first === "string" ? parts.join("") : Uint8Array.from((parts as Uint8Array[]).flatMap((part) => [...part]));
  }

  /** Skips calls that only turn a value into text or bytes. Any other operation within a list makes it unknown. */
  #chained(value: unknown, depth: number): unknown {
    while (this.#take(/\.(?:toString|encode|decode|strip|trim)\(\s*(?:['"]utf-?8['"])?\s*\)/y));
    if (!depth || !this.#take(/[ \t]*(?:\??\.[a-zA-Z_$]|[+?]|\|\||%\s)/y)) return value;
    for (;;) {
      if (this.#take(/[^'"`()[\]{},;\n]+/y)) continue;
      const [open = ""] = this.#take(/['"`([{]/y) ?? [];
      if (!open) return value instanceof Unread ? value : new Unread("variable", "an expression");
      if (open === "(" || open === "[") this.#list(open === "(" ? ")" : "]", depth + 1);
      else if (open === "{") this.#entries("", depth + 1);
      else this.#string("", open);
    }
  }

  #list(end: string, depth: number): unknown[] {
    const values: unknown[] = [];
    for (;;) {
      this.#work(20);
      this.#skip();
      if (this.#take(/,/y)) continue;
      if (this.#text[this.at] === end) break;
      if (this.#take(/\.\.\. \d+ more items?/y)) values.push(new Unread("cut"));
      else if (this.#take(/\.\.\.(?=[\w$])/y)) values.push(unreadOf(this.#value(depth + 1)));
      else if (this.#take(/\w+=(?!=)/y)) this.#value(depth + 1);
      else values.push(this.#value(depth + 1));
    }
    this.at++;
    return values;
  }

  #entries(type: string, depth: number): Entries {
    const pairs: [string, unknown][] = [];
    for (;;) {
      this.#work(20);
      this.#skip();
      if (this.#take(/,/y)) continue;
      if (this.#take(/\}/y)) return new Entries(type, pairs);
      if (this.#take(/\.\.\. ?\d+ more [a-z]+|\.\.\.(?=\s*[,}])|…/y)) pairs.push(["...", new Unread("cut")]);
      else if (this.#take(/\.\.\.|\*\*/y)) pairs.push(["...", unreadOf(this.#value(depth + 1))]);
      else pairs.push(this.#pair(depth));
    }
  }

  #pair(depth: number): [string, unknown] {
    const plain = this.#take(/\[?([A-Za-z_$][\w$-]*(?:\([^()\n]{0,200}\))?)\]?\s*(?:(:|=>)|(?=[,}]))/y);
    if (plain) return [plain[1]!, plain[2] ? this.#value(depth + 1) : new Unread("variable", plain[1])];
    const key = this.#value(depth + 1);
    const name = key instanceof Uint8Array ? new TextDecoder().decode(key) : key;
    this.#skip();
    return [
      typeof name === "string" || typeof name === "number" ? String(name) : "?",
      this.#take(/:|=>/y) ? this.#value(depth + 1) : new Unread("hidden"),
    ];
  }
}

const unreadOf = (value: unknown): unknown => (value instanceof Entries ? value : new Unread("variable"));

/** Returns an integer exactly, and any other number as JavaScript has it. */
function numberOf(text: string): number | bigint {
  const digits = text.replace(/n$/, "");
  return /^-?\d+$/.test(digits) && !Number.isSafeInteger(Number(digits)) ? BigInt(digits) : Number(digits);
}

const codePoint = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd");

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.trim() ? hex.trim().split(" ") : [], (pair) => parseInt(pair, 16));

/** Returns an array of bytes as bytes, if all of them are there. */
function arrayOf(name: string, size: string | undefined, values: unknown[]): unknown {
  if (!/^(Uint8Array|Buffer)$/.test(name)) return values;
  const isWhole = values.every((value) => typeof value === "number") && (size === undefined || values.length === Number(size));
  return isWhole ? Uint8Array.from(values as number[]) : new Unread("cut");
}

/** Returns the JSON of a value that was read, as JavaScript would make it, or `undefined` if a part of it is unknown. */
export function jsonOf(value: unknown): string | Unread {
  if (value instanceof Unread) return value;
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return new Unread("hidden");
  const parts: string[] = [];
  if (Array.isArray(value)) {
    for (const one of value as unknown[]) {
      const part = jsonOf(one);
      if (part instanceof Unread) return part;
      parts.push(part);
    }
    return `[${parts.join(",")}]`;
  }
  if (!(value instanceof Entries)) return JSON.stringify(value) ?? "null";
  for (const [name, one] of value.pairs) {
    const part = name === "..." ? new Unread("cut") : jsonOf(one);
    if (part instanceof Unread) return part;
    if (one !== undefined) parts.push(`${JSON.stringify(name)}:${part}`);
  }
  return `{${parts.join(",")}}`;
}
