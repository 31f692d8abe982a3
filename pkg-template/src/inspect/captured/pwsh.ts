// Reads a request from a PowerShell command, as browsers copy it.
import { Unread } from "./literal.js";
import type { Found, Header } from "./request.js";

/** Whether a text contains a request of PowerShell. */
export const hasWebRequest = (text: string): boolean => /\bInvoke-(WebRequest|RestMethod)\b|\biwr\s+-/i.test(text);

const VALUE = /"(?:[^"`]|`[^]|"")*"|'(?:[^']|'')*'|[^\s"'`@{};]+/.source;

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", 0: "\0", a: "\x07", b: "\b" };

/** Returns the text of a value. */
function textOf(value: string): string | Unread {
  if (value.startsWith("'")) return value.slice(1, -1).replaceAll("''", "'");
  if (!value.startsWith('"')) return value.startsWith("$") ? new Unread("variable", value.slice(0, 40)) : value;
  // Browsers write characters beyond ASCII as $([char]233).
  const text = value
    .slice(1, -1)
    .replace(/(?<!`)\$\(\[char\](0x[\da-fA-F]+|\d+)\)/g, (_, code: string) => String.fromCharCode(Number(code)));
  if (/(?<!`)\$[\w({]/.test(text)) return new Unread("variable");
  return text.replace(/`([^])|""/g, (_, character: string | undefined) =>
    character === undefined ? '"' : (ESCAPES[character] ?? character),
  );
}

/** Returns the request of the first command in a text. */
export function webRequestsOf(text: string): Found[] {
  const command = text.slice(text.search(/\bInvoke-(WebRequest|RestMethod)\b|\biwr\s+-/i)).replace(/`\r?\n/g, " ");
  const option = (name: string): string | Unread | undefined => {
    const found = new RegExp(`(?:^|\\s)-${name}\\s+(?:\\(\\[System\\.Text\\.Encoding\\]::UTF8\\.GetBytes\\()?(${VALUE})`, "i").exec(
      command,
    )?.[1];
    return found === undefined ? undefined : textOf(found);
  };
  const block = /\s-Headers\s+@\{((?:"(?:[^"`]|`[^]|"")*"|'[^']*'|[^"'}])*)\}/i.exec(command)?.[1] ?? "";
  const pair = new RegExp(`(${VALUE})\\s*=\\s*(${VALUE})`, "g");
  const headers = [...block.matchAll(pair)].map(([, name = "", value = ""]): Header => [String(textOf(name)), textOf(value)]);
  const body = option("Body");
  const method = option("Method");
  const url = option("Uri") ?? new Unread("hidden");
  return [{ format: "powershell", method: typeof method === "string" ? method.toUpperCase() : "GET", url, headers, body, isWhole: true }];
}
