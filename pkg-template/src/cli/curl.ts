// Reads a request from a curl command line, as curl would send it.
import type { Captured } from "./captured.js";
import { UsageError } from "./exit.js";
import { commandsOf } from "./shell.js";

/** Options of curl that take a value and do not affect the signature. */
const SKIPPED = new Set(
  (
    "-A -b -c -C -D -e -E -F -K -m -o -P -Q -r -t -T -u -U -w -x -y -Y -z --user-agent --cookie --cookie-jar --output --max-time --connect-timeout --retry " +
    "--retry-delay --retry-max-time --cacert --capath --cert --key --proxy --proxy-user --noproxy --user --referer --form --resolve --connect-to " +
    "--interface --ciphers --tls-max --tls13-ciphers --write-out --dump-header --limit-rate --proto --range --unix-socket --stderr --trace --trace-ascii " +
    "--max-redirs --keepalive-time --speed-time --speed-limit --dns-servers --socks5 --socks5-hostname --oauth2-bearer --output-dir --config --upload-file"
  ).split(" "),
);

/** Access to the sources of a body. */
export interface Sources {
  /** Reads a file that the command names, or standard input for `-`. */
  read(file: string): Promise<string>;
}

/**
 * Reads a pasted command. If an `echo` or `printf '%s'` is piped into it, its output is the standard input.
 *
 * @throws UsageError if it is not certain what curl would send
 */
export async function requestOfCurl(text: string, sources: Sources): Promise<Captured> {
  // The prompt of the shell may have been copied as well.
  const commands = commandsOf(text.trim().replace(/^[$#%>]\s+/, ""));
  const index = commands.findIndex(({ argv: [program = ""] }) => /(^|[\\/])curl(\.exe)?$/i.test(program));
  if (index < 0) throw new UsageError("The pasted text contains no curl command.");
  const piped = commands[index]!.piped && index > 0 ? printedBy(commands[index - 1]!.argv) : undefined;
  const request = new CurlRequest((file) => (file === "-" && piped !== undefined ? Promise.resolve(piped) : sources.read(file)));
  await request.take(commands[index]!.argv.slice(1));
  return request.captured();
}

/** Collects, argument by argument, what curl would send. */
class CurlRequest {
  readonly #read: Sources["read"];
  readonly #headers: [string, string][] = [];
  #url: string | undefined;
  #method: string | undefined;
  #body: string | undefined;
  #isGet = false;

  constructor(read: Sources["read"]) {
    this.#read = read;
  }

  async take(args: readonly string[]): Promise<void> {
    const rest = [...args];
    const next = (): string => {
      const value = rest.shift();
      if (value === undefined) throw new UsageError("The curl command ends with an option that needs a value.");
      return value;
    };
    while (rest.length) {
      const word = rest.shift()!;
      if (word.startsWith("--") && word.length > 2) await this.#takeLong(word, next);
      else if (/^-./.test(word)) await this.#takeShort(word, next);
      else this.#url ??= word;
    }
  }

  captured(): Captured {
    if (this.#url === undefined) throw new UsageError("The curl command has no URL.");
    const [headers, body] = [this.#headers, this.#body];
    if (this.#isGet && body !== undefined)
      return { method: this.#method ?? "GET", url: `${this.#url}${this.#url.includes("?") ? "&" : "?"}${body}`, headers, body: "" };
    return { method: this.#method ?? (body === undefined ? "GET" : "POST"), url: this.#url, headers, body: body ?? "" };
  }

  async #takeLong(word: string, next: () => string): Promise<void> {
    if (word === "--get") this.#isGet = true;
    else if (word === "--head") this.#method ??= "HEAD";
    else if (SKIPPED.has(word)) next();
    else if (/^--(request|header|data(-ascii|-binary|-raw|-urlencode)?|json|url)$/.test(word)) await this.#option(word, next());
    else if (word === "--url-query") throw new UsageError("--url-query is not supported: put the query into the URL.");
  }

  /** Reads short options that are written together: the first one with a value takes the rest. */
  async #takeShort(word: string, next: () => string): Promise<void> {
    for (let at = 1; at < word.length; at++) {
      const short = `-${word[at]}`;
      if (short === "-G") this.#isGet = true;
      else if (short === "-I") this.#method ??= "HEAD";
      else if (/^-[XHd]$/.test(short) || SKIPPED.has(short)) {
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
    } else if (name === "--url") this.#url ??= value;
    else if (name === "--json") this.#append(await this.#content(value), "");
    else if (name === "--data-binary") this.#append(await this.#content(value));
    else if (name === "--data-raw") this.#append(value);
    else if (name === "--data-urlencode") {
      const [, field = "", sign, content = ""] = /^([^=@]*)([=@])(.*)$/s.exec(value) ?? [, "", "=", value];
      this.#append((field && `${field}=`) + encoded(sign === "@" ? await this.#read(content) : content));
    } else if (/^(-d|--data|--data-ascii)$/.test(name))
      // curl removes line ends and NUL from files.
      this.#append(value.startsWith("@") ? (await this.#read(value.slice(1))).replace(/[\r\n\0]/g, "") : value);
  }

  /** Returns the text, or, after an `@`, the content of the file with that name. */
  async #content(value: string): Promise<string> {
    return value.startsWith("@") ? this.#read(value.slice(1)) : value;
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
  if (program === "echo") return args[0] === "-n" ? args.slice(1).join(" ") : `${args.join(" ")}\n`;
  if (program !== "printf") return undefined;
  const [format = "", ...values] = args[0] === "--" ? args.slice(1) : args;
  if (/^%s(\\n)?$/.test(format)) return `${values.join("")}${format.length > 2 ? "\n" : ""}`;
  return /[%\\]/.test(format) ? undefined : format;
}
