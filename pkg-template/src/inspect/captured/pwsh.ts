// Reads a request from a PowerShell command, as browsers copy it.
import { Unread } from "./literal.js";
import type { Found, Header } from "./request.js";

const COMMAND = /\bInvoke-(WebRequest|RestMethod)\b|\biwr\s+-/i;

/** Whether a text contains a request of PowerShell. */
export const hasWebRequest = (text: string): boolean => COMMAND.test(text);

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

const BLOCK = /@\{(?:"(?:[^"`]|`[^]|"")*"|'[^']*'|[^"'}])*\}/.source;

/** The number of characters before a command in which its variables get their values. */
const BEFORE = 20_000;

/** Returns the values that variables have before the command: texts and tables. A variable that is assigned twice, or computed, has none. */
function variablesIn(script: string): (found: string) => string {
  const literal = `"(?:[^"\`]|\`[^]|"")*"|'(?:[^']|'')*'|${BLOCK}`;
  const assigned = [...script.matchAll(new RegExp(`^[ \\t]*\\$(\\w+)[ \\t]*=[ \\t]*(${literal})[ \\t]*;?[ \\t]*\\r?$`, "gm"))];
  const changed = [...script.matchAll(/\$(\w+)[ \t]*(?:\+?=|\.\w+\(|\[)/g)].map(([, name = ""]) => name.toLowerCase());
  return (found) => {
    const name = found.slice(1).toLowerCase();
    const isOnce = found.startsWith("$") && changed.filter((one) => one === name).length === 1;
    return (isOnce && assigned.find(([, one]) => one?.toLowerCase() === name)?.[2]) || found;
  };
}

/** Returns the request of the first command in a text. */
export function webRequestsOf(text: string): Found[] {
  const start = text.search(COMMAND);
  const command = text.slice(start).replace(/`\r?\n/g, " ");
  const valueOf = variablesIn(text.slice(Math.max(start - BEFORE, 0), start));
  const option = (name: string): string | Unread | undefined => {
    const found = new RegExp(`(?:^|\\s)-${name}\\s+(?:\\(\\[System\\.Text\\.Encoding\\]::UTF8\\.GetBytes\\()?(${VALUE})`, "i").exec(
      command,
    )?.[1];
    return found === undefined ? undefined : textOf(valueOf(found));
  };
  const given = new RegExp(`\\s-Headers\\s+(${BLOCK}|\\$\\w+)`, "i").exec(command)?.[1] ?? "";
  const block = valueOf(given);
  const pair = new RegExp(`(${VALUE})\\s*=\\s*(${VALUE})`, "g");
  const pairs = [...(block.startsWith("@") ? block.slice(2, -1) : "").matchAll(pair)];
  const headers = pairs.map(([, name = "", value = ""]): Header => [String(textOf(name)), textOf(valueOf(value))]);
  // A variable in place of the table hides everything in it.
  if (block.startsWith("$")) headers.push(["API-Sign", new Unread("variable", block.slice(0, 40))]);
  const body = option("Body");
  const method = option("Method");
  // The name of the option may be left out.
  const [, first] = new RegExp(`^\\S+\\s+(${VALUE})`).exec(command) ?? [];
  const url = option("Uri") ?? (first === undefined || first.startsWith("-") ? new Unread("hidden") : textOf(valueOf(first)));
  return [{ format: "powershell", method: typeof method === "string" ? method.toUpperCase() : "GET", url, headers, body, isWhole: true }];
}
