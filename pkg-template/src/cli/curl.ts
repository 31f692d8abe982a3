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
  if (index < 0) throw new UsageError("There is no curl command in it.");
  const piped = commands[index]!.piped && index > 0 ? printedBy(commands[index - 1]!.words) : undefined;
  const read = (file: string): Promise<string> => (file === "-" && piped !== undefined ? Promise.resolve(piped) : sources.read(file));

  const headers: [string, string][] = [];
  let url: string | undefined;
  let method: string | undefined;
  let body: string | undefined;
  let isGet = false;
  const append = (piece: string, glue = "&"): void => {
    body = body === undefined ? piece : body + glue + piece;
  };
  const option = async (name: string, value: string): Promise<void> => {
    switch (name) {
      case "-X":
      case "--request":
        method = value;
        break;
      case "-H":
      case "--header": {
        const [, header, content] = /^([^:;]+)[:;]\s*(.*)$/s.exec(value) ?? [];
        if (header !== undefined) headers.push([header, content!]);
        break;
      }
      case "-d":
      case "--data":
      case "--data-ascii":
        // Of files, curl leaves line ends and NUL out.
        append(value.startsWith("@") ? (await read(value.slice(1))).replace(/[\r\n\0]/g, "") : value);
        break;
      case "--data-binary":
        append(value.startsWith("@") ? await read(value.slice(1)) : value);
        break;
      case "--data-raw":
        append(value);
        break;
      case "--data-urlencode": {
        const [, field = "", sign, content = ""] = /^([^=@]*)([=@])(.*)$/s.exec(value) ?? [, "", "=", value];
        append((field && `${field}=`) + encoded(sign === "@" ? await read(content) : content));
        break;
      }
      case "--json":
        append(value.startsWith("@") ? await read(value.slice(1)) : value, "");
        break;
      case "--url":
        url ??= value;
    }
  };
  const rest = commands[index]!.words.slice(1);
  while (rest.length) {
    const word = rest.shift()!;
    const next = (): string => {
      const value = rest.shift();
      if (value === undefined) throw new UsageError("The curl command ends after an option that wants a value.");
      return value;
    };
    if (word.startsWith("--") && word.length > 2) {
      if (word === "--get") isGet = true;
      else if (word === "--head") method ??= "HEAD";
      else if (SKIPPED.has(word)) next();
      else if (/^--(request|header|data(-ascii|-binary|-raw|-urlencode)?|json|url)$/.test(word)) await option(word, next());
      else if (word === "--url-query") throw new UsageError("--url-query is not understood: put the query into the URL.");
    } else if (/^-./.test(word)) {
      // Letters that stand together: the first one with a value takes the rest.
      for (let at = 1; at < word.length; at++) {
        const short = `-${word[at]}`;
        if (short === "-G") isGet = true;
        else if (short === "-I") method ??= "HEAD";
        else if (/^-[XHd]$/.test(short) || SKIPPED.has(short)) {
          await option(short, word.slice(at + 1) || next());
          break;
        }
      }
    } else url ??= word;
  }
  if (url === undefined) throw new UsageError("The curl command has no URL.");
  if (isGet && body !== undefined) {
    url += (url.includes("?") ? "&" : "?") + body;
    body = undefined;
  }
  return { method: method ?? (body === undefined ? "GET" : "POST"), url, headers, body: body ?? "" };
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
