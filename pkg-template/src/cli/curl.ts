// A request out of a curl command line, as curl would send it.
import type { Captured } from "./captured.js";
import { UsageError } from "./exit.js";
import { commandsOf } from "./shell.js";

/** Options of curl's that have a value and say nothing of the request's signature. */
const SKIPPED = new Set(
  (
    "-A -b -c -C -D -e -E -F -K -m -o -P -Q -r -t -T -u -U -w -x -y -Y -z --user-agent --cookie --cookie-jar --output --max-time --connect-timeout --retry " +
    "--retry-delay --retry-max-time --cacert --capath --cert --key --proxy --proxy-user --noproxy --user --referer --form --resolve --connect-to " +
    "--interface --ciphers --tls-max --tls13-ciphers --write-out --dump-header --limit-rate --proto --range --unix-socket --stderr --trace --trace-ascii " +
    "--max-redirs --keepalive-time --speed-time --speed-limit --dns-servers --socks5 --socks5-hostname --oauth2-bearer --output-dir --config --upload-file"
  ).split(" "),
);

/** What a body comes from. */
export interface Sources {
  /** The text of a file that the command names, or of standard input for `-`. */
  read(file: string): Promise<string>;
}

/**
 * Reads a pasted command. An `echo` or `printf '%s'` that is piped into it is its standard input.
 *
 * @throws UsageError where it cannot be known what curl would send
 */
export async function requestOfCurl(text: string, sources: Sources): Promise<Captured> {
  // A prompt may have been copied too.
  const commands = commandsOf(text.trim().replace(/^[$#%>]\s+/, ""));
  const index = commands.findIndex(({ words: [program = ""] }) => /(^|[\\/])curl(\.exe)?$/i.test(program));
  if (index < 0) throw new UsageError("There is no curl command in what was pasted.");
  const piped = commands[index]!.piped && index > 0 ? printedBy(commands[index - 1]!.words) : undefined;
  const request = new CurlRequest((file) => (file === "-" && piped !== undefined ? Promise.resolve(piped) : sources.read(file)));
  await request.take(commands[index]!.words.slice(1));
  return request.captured();
}

/** What curl would send, gathered word by word. */
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

  async take(words: readonly string[]): Promise<void> {
    const rest = [...words];
    const next = (): string => {
      const value = rest.shift();
      if (value === undefined) throw new UsageError("The curl command ends after an option that wants a value.");
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
    else if (word === "--url-query") throw new UsageError("--url-query is not understood: put the query into the URL.");
  }

  /** Letters that stand together: the first one with a value takes the rest. */
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
      // Of files, curl leaves line ends and NUL out.
      this.#append(value.startsWith("@") ? (await this.#read(value.slice(1))).replace(/[\r\n\0]/g, "") : value);
  }

  /** Text, or that of a file whose name follows an `@`. */
  async #content(value: string): Promise<string> {
    return value.startsWith("@") ? this.#read(value.slice(1)) : value;
  }

  #append(piece: string, glue = "&"): void {
    this.#body = this.#body === undefined ? piece : this.#body + glue + piece;
  }
}

/** As curl encodes: everything but letters, digits and `-._~`, in capitals, blanks as `+`. */
const encoded = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");

/** What `echo` and `printf` write, where that is plain to see. */
function printedBy([program, ...args]: readonly string[]): string | undefined {
  if (program === "echo") return args[0] === "-n" ? args.slice(1).join(" ") : `${args.join(" ")}\n`;
  if (program !== "printf") return undefined;
  const [format = "", ...values] = args[0] === "--" ? args.slice(1) : args;
  if (/^%s(\\n)?$/.test(format)) return `${values.join("")}${format.length > 2 ? "\n" : ""}`;
  return /[%\\]/.test(format) ? undefined : format;
}
