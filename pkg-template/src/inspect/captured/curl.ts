// Reads requests from curl command lines, as curl would send them, and from what curl prints about them.
import { InvalidRequestError } from "../../errors.js";
import { traceOf, verboseOf } from "./http.js";
import { Unread } from "./literal.js";
import type { Found, Header } from "./request.js";
import { type Simple, cmdCommandsOf, commandsOf, isForCmd } from "./shell.js";

/** Options of curl that take a value and do not affect the signature. */
const SKIPPED = new Set(
  (
    "-A -b -c -C -D -e -E -K -m -o -P -Q -r -t -T -u -U -w -x -y -Y -z --user-agent --cookie --cookie-jar --output --max-time --connect-timeout --retry " +
    "--retry-delay --retry-max-time --cacert --capath --cert --key --proxy --proxy-user --noproxy --user --referer --resolve --connect-to " +
    "--interface --ciphers --tls-max --tls13-ciphers --write-out --dump-header --limit-rate --proto --range --unix-socket --stderr --trace --trace-ascii " +
    "--max-redirs --keepalive-time --speed-time --speed-limit --dns-servers --socks5 --socks5-hostname --oauth2-bearer --output-dir --config --upload-file " +
    "--cert-type --key-type --pass --proxy-header --doh-url --hsts --alt-svc --local-port --pinnedpubkey --netrc-file --curves --max-filesize --rate"
  ).split(" "),
);

/** Reads a file that a command names, or standard input for `-`. */
export type ReadFile = (name: string) => Promise<string>;

const isCurl = ({ argv: [program = ""] }: Simple): boolean => /(^|[\\/])curl(\.exe)?$/i.test(program);

/** The beginning of a line that curl printed. */
const OUTPUT = /^(?:[*<>] |[{}] \[\d|\{"error"|== Info|[=<]= |=> | {2}% Total)/m;

/** The prompt of a shell, alone or after names of user, machine and directory, or what `set -x` prints before a command. */
const PROMPT = String.raw`(?:[^\n'"]{0,100}[$#%>]\s{1,4}|PS [^\n>]{0,200}>\s*|[A-Z]:[^\n>]{0,200}>\s*|➜[^\n'"]{0,100}\s|\+{1,4}\s)`;

/** Where a command begins. After an operator, the name of the program has no other operator, so that many of them are passed quickly. */
const COMMAND = new RegExp(
  String.raw`(?:(?:^|\n)[ \t]{0,20}${PROMPT}?(?:\S{0,200}[\\/])?|[|;&]\s{0,20}(?:[^\s|;&]{0,200}[\\/])?)curl(?:\.exe)?\s`,
  "i",
);

/** Whether a text contains a curl command. */
export const hasCurl = (text: string): boolean => COMMAND.test(text);

/** Returns a text from the line of the first curl command on, without the prompt that may have been copied as well. */
function fromCommand(text: string): string {
  const found = COMMAND.exec(text)!;
  const before = text.slice(0, text.lastIndexOf("\n", found.index + found[0].length - 2) + 1);
  return text
    .slice(/[\\|]\s*$/.test(before) ? 0 : before.length)
    .replace(new RegExp(String.raw`^\s*${PROMPT}(?=(?:\S{0,200}[\\/])?curl)`, "i"), "");
}

/**
 * Reads commands, and their output if it was pasted as well. If an `echo` or `printf '%s'` is piped into a command, its output is the standard input.
 *
 * @throws InvalidRequestError if it is not certain what curl would send
 */
export async function requestsOfCurl(text: string, read: ReadFile | undefined): Promise<Found[]> {
  // A shell shows "> " where it waits for the rest of a command.
  const command = fromCommand(text).replace(/(\\\r?\n)>[ \t]/g, "$1");
  const output = command.slice(command.search(OUTPUT) >>> 0);
  const line = command.slice(0, command.length - output.length);
  const commands = isForCmd(line) ? cmdCommandsOf(line) : commandsOf(line);
  const found: Found[] = [];
  for (const [index, command] of commands.entries()) {
    if (!isCurl(command)) continue;
    const piped = command.piped && index > 0 ? printedBy(commands[index - 1]!.argv) : undefined;
    const request = new CurlRequest((file) => (file === "-" && piped !== undefined ? Promise.resolve(piped) : read?.(file)));
    await request.take(command.argv.slice(1));
    found.push(request.found());
  }
  return found.length === 1 ? [withOutput(found[0]!, output)] : found;
}

/** Adds what curl has printed: the headers as it sent them, and whether Kraken rejected the signature. */
function withOutput(command: Found, output: string): Found {
  const [sent] = output ? [...traceOf(output), ...verboseOf(output)] : [];
  if (!sent) return { ...command, rejected: /EAPI:Invalid signature|authenticationError/.test(output) };
  const { body, isWhole } = sent.body === undefined || sent.body instanceof Unread ? command : sent;
  return { ...sent, url: command.url, body, isWhole: !!isWhole, rejected: /EAPI:Invalid signature|authenticationError/.test(output) };
}

/** Collects, argument by argument, what curl would send. */
class CurlRequest {
  readonly #read: (file: string) => Promise<string> | undefined;
  readonly #headers: Header[] = [];
  #url: string | undefined;
  /** The arguments that are no options. One of them may be the value of an option that is not known. */
  readonly #operands: string[] = [];
  #method: string | undefined;
  #body: string | undefined;
  /** The file that has a part of the body and cannot be read. */
  #unread: string | undefined;
  #isGet = false;
  /** Whether the body has parts with a boundary that curl chooses. */
  #isMultipart = false;

  constructor(read: (file: string) => Promise<string> | undefined) {
    this.#read = read;
  }

  async take(args: readonly string[]): Promise<void> {
    const rest = args.values();
    const next = (): string => {
      const value = rest.next().value;
      if (value === undefined) throw new InvalidRequestError("The curl command ends with an option that needs a value.");
      return value;
    };
    for (let one = rest.next(); !one.done; one = rest.next()) {
      const word = one.value;
      if (word.startsWith("--") && word.length > 2) await this.#takeLong(word, next);
      else if (/^-./.test(word)) await this.#takeShort(word, next);
      else this.#operands.push(word);
    }
  }

  found(): Found {
    const urls = new Set([this.#url, ...this.#operands.filter((one) => one.includes("://"))].filter((one) => one !== undefined));
    if (urls.size > 1) throw new InvalidRequestError("The command has several URLs, and makes a request to each: leave only one of them.");
    const url = [...urls][0] ?? this.#operands[0];
    if (url === undefined) throw new InvalidRequestError("The curl command has no URL.");
    const [headers, body] = [this.#headers, this.#body];
    const common = { format: "curl", headers, isWhole: true } as const;
    if (this.#isMultipart) {
      const advice = "With -F, it is multipart/form-data, which Kraken does not read: send the parameters with --data-raw.";
      return { ...common, method: this.#method ?? "POST", url, body: new Unread("hidden"), advice };
    }
    if (this.#unread !== undefined) {
      const source = this.#unread === "-" ? "standard input" : "a file that its command names with @";
      const advice = `It came from ${source}: paste the command with its text after --data-raw.`;
      return { ...common, method: this.#method ?? "POST", url, body: new Unread("hidden"), advice };
    }
    if (this.#isGet && body !== undefined)
      return { ...common, method: this.#method ?? "GET", url: `${url}${url.includes("?") ? "&" : "?"}${body}`, body: "" };
    return { ...common, method: this.#method ?? (body === undefined ? "GET" : "POST"), url, body: body ?? "" };
  }

  async #takeLong(word: string, next: () => string): Promise<void> {
    if (word === "--get") this.#isGet = true;
    else if (word === "--head") this.#method ??= "HEAD";
    else if (SKIPPED.has(word)) next();
    else if (/^--(request|header|data(-ascii|-binary|-raw|-urlencode)?|form(-string)?|json|url)$/.test(word))
      await this.#option(word, next());
    else if (word === "--next")
      throw new InvalidRequestError("The command makes several requests, with --next: paste the part of one of them.");
    else if (word === "--url-query") throw new InvalidRequestError("--url-query is not supported: put the query into the URL.");
  }

  /** Reads short options that are written together: the first one with a value takes the rest. */
  async #takeShort(word: string, next: () => string): Promise<void> {
    for (let at = 1; at < word.length; at++) {
      const short = `-${word[at]}`;
      if (short === "-:") await this.#takeLong("--next", next);
      else if (short === "-G") this.#isGet = true;
      else if (short === "-I") this.#method ??= "HEAD";
      else if (/^-[XHdF]$/.test(short) || SKIPPED.has(short)) {
        await this.#option(short, word.slice(at + 1) || next());
        return;
      }
    }
  }

  async #option(name: string, value: string): Promise<void> {
    if (/^(-X|--request)$/.test(name)) this.#method = value;
    else if (/^(-H|--header)$/.test(name)) {
      const [, header, content] = /^([^:;]+)[:;]\s*(.*)$/s.exec(value) ?? [];
      if (header !== undefined) this.#headers.push([header, content!]);
    } else if (/^(-F|--form|--form-string)$/.test(name)) this.#isMultipart = true;
    else if (name === "--url") this.#url ??= value;
    else if (name === "--json") this.#append(await this.#content(value), "");
    else if (name === "--data-binary") this.#append(await this.#content(value));
    else if (name === "--data-raw") this.#append(value);
    else if (name === "--data-urlencode") {
      const [, field = "", sign, content = ""] = /^([^=@]*)([=@])(.*)$/s.exec(value) ?? [, "", "=", value];
      this.#append((field && `${field}=`) + encoded(sign === "@" ? await this.#file(content) : content));
    } else if (/^(-d|--data|--data-ascii)$/.test(name))
      // curl removes line ends and NUL from files.
      this.#append(value.startsWith("@") ? (await this.#file(value.slice(1))).replace(/[\r\n\0]/g, "") : value);
  }

  /** Returns the text, or, after an `@`, the content of the file with that name. */
  async #content(value: string): Promise<string> {
    return value.startsWith("@") ? this.#file(value.slice(1)) : value;
  }

  async #file(name: string): Promise<string> {
    const text = await this.#read(name);
    if (text === undefined) this.#unread = name;
    return text ?? "";
  }

  #append(piece: string, glue = "&"): void {
    this.#body = this.#body === undefined ? piece : this.#body + glue + piece;
  }
}

/** Encodes as curl does: everything but letters, digits and `-._~`, with uppercase digits, and spaces as `+`. */
const encoded = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");

/** Returns the output of `echo` or `printf`, if it is obvious. */
function printedBy([program, ...args]: readonly string[]): string | undefined {
  // With -e, echo reads escapes.
  if (program === "echo" && /^-[eEn]*[eE]/.test(args[0] ?? "")) return undefined;
  if (program === "echo") return args[0] === "-n" ? args.slice(1).join(" ") : `${args.join(" ")}\n`;
  if (program !== "printf") return undefined;
  const [format = "", ...values] = args[0] === "--" ? args.slice(1) : args;
  if (/^%s(\\n)?$/.test(format)) return `${values.join("")}${format.length > 2 ? "\n" : ""}`;
  return /[%\\]/.test(format) ? undefined : format;
}
