// Reads command lines as bash and the command prompt of Windows would.
import { InvalidRequestError } from "../../errors.js";
import { joined } from "./bytes.js";

const ANSI_C: Readonly<Record<string, string>> = { a: "\x07", b: "\b", e: "\x1b", E: "\x1b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** Whether a command line continues on the next line. */
export function unfinished(text: string): boolean {
  try {
    commandsOf(text);
    return /(^|[^\\])(\\\\)*[\\^`]$/.test(text.trimEnd());
  } catch (error) {
    return error instanceof OpenQuote;
  }
}

class OpenQuote extends InvalidRequestError {}

/** One command of a command line. */
export interface Simple {
  readonly argv: string[];
  /** Whether its standard input is the output of the command before it. */
  readonly piped: boolean;
}

/**
 * Splits a command line into commands and their arguments, as bash would.
 *
 * @throws InvalidRequestError if only the shell knows what the text stands for: a variable, a substitution, an open quote
 */
export function commandsOf(text: string): Simple[] {
  const commands: Simple[] = [{ argv: [], piped: false }];
  let word: string | undefined;
  let at = 0;
  const variable = (): never => {
    throw new InvalidRequestError(
      "The command contains a shell variable or substitution ($ or `): paste it with the values that were sent.",
    );
  };
  const add = (piece: string): void => {
    word = (word ?? "") + piece;
  };
  const end = (): void => {
    if (word !== undefined) commands.at(-1)!.argv.push(word);
    word = undefined;
  };
  /** Consumes the text that a pattern matches at this position. */
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at += found[0].length;
    return found ?? undefined;
  };
  while (at < text.length) {
    let found: RegExpExecArray | undefined;
    // Most characters stand for themselves.
    if ((found = take(/[\w@%+=:,./?~!*{}[\]-]+/y))) add(found[0]);
    // PowerShell continues a line after a backtick.
    else if (take(/[\\`]\r?\n/y)) continue;
    else if ((found = take(/[\s;]+/y))) {
      end();
      if (/[\n;]/.test(found[0]) && commands.at(-1)!.argv.length) commands.push({ argv: [], piped: false });
    } else if (take(/\|/y)) {
      end();
      commands.push({ argv: [], piped: true });
    } else if (word === undefined && take(/#.*/y)) continue;
    else if ((found = take(/\\([^])/y))) add(found[1]!);
    else if ((found = take(/'([^']*)'/y))) add(found[1]!);
    else if ((found = take(/\$'([^'\\]*(?:\\[^][^'\\]*)*)'/y))) add(ansiC(found[1]!));
    else if ((found = take(/\$?"([^"\\]*(?:\\[^][^"\\]*)*)"/y))) {
      // Within these quotes, a backslash is literal unless one of five characters follows.
      if (/(^|[^\\])(\\\\)*(\$[\w({]|`)/.test(found[1]!)) variable();
      add(found[1]!.replace(/\\([$`"\\\n])/g, (_, character: string) => (character === "\n" ? "" : character)));
    } else if (take(/\$?['"]/y)) throw new OpenQuote("The command ends inside quotes: paste all of it.");
    else if (take(/\$[\w({]|`/y)) variable();
    else if (/[<>&()]/.test(text[at]!))
      throw new InvalidRequestError(`The command has ${text[at]!} outside quotes: paste only the curl command.`);
    else add((found = take(/[^]/y)!)[0]);
  }
  end();
  return commands.filter(({ argv }) => argv.length);
}

/** Returns the text that `$'…'` stands for. Bytes are decoded as UTF-8. */
function ansiC(text: string): string {
  const parts: Uint8Array[] = [];
  const add = (piece: string): void => void parts.push(new TextEncoder().encode(piece));
  const escapes = /\\x([\da-fA-F]{1,2})|\\u([\da-fA-F]{1,4})|\\U([\da-fA-F]{1,8})|\\([0-7]{1,3})|\\([^])|([^\\]+)/g;
  for (const [, hex, short, long, octal, other, plain] of text.matchAll(escapes)) {
    if (hex) parts.push(Uint8Array.of(parseInt(hex, 16)));
    else if (octal) parts.push(Uint8Array.of(parseInt(octal, 8) & 0xff));
    else if (short ?? long) add(String.fromCodePoint(Math.min(parseInt((short ?? long)!, 16), 0x10ffff)));
    else if (other) add(ANSI_C[other] ?? (/['"\\?]/.test(other) ? other : `\\${other}`));
    else add(plain!);
  }
  return new TextDecoder().decode(joined(parts));
}

/** Whether a command line was made for the command prompt of Windows: it has carets before line ends or quotes. */
export const isForCmd = (text: string): boolean => /\^(?:\s*\r?\n|")/.test(text);

/** Splits a command line as the command prompt of Windows and the programs that it starts do. */
export function cmdCommandsOf(text: string): Simple[] {
  const commands = [""];
  const tokens = /\^(?:\r?\n(\r?\n)?|([^]))|("[^"\r\n]*(?:"|$))|(&+|\r?\n)|([^^"&\r\n]+|[^])/gm;
  for (const [, line, escaped, quoted, end, plain] of text.matchAll(tokens)) {
    if (end) commands.push("");
    else commands.push(commands.pop()! + (line ? "\n" : (escaped ?? quoted ?? plain ?? "")));
  }
  return commands.map((command) => ({ argv: argumentsOf(command), piped: false })).filter(({ argv }) => argv.length);
}

/** Splits a line as programs of Windows do: a backslash escapes a quote, and within quotes, two quotes stand for one. */
function argumentsOf(line: string): string[] {
  const argv: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (const [token] of line.matchAll(/\\*"|\\+|[^\S\n]+|[^\s\\"]+|\n/g)) {
    const slashes = token.endsWith('"') ? token.length - 1 : 0;
    if (token.endsWith('"')) {
      word = (word ?? "") + "\\".repeat(Math.floor(slashes / 2)) + (slashes % 2 ? '"' : "");
      if (slashes % 2 === 0) isQuoted = !isQuoted;
    } else if (isQuoted || /\S/.test(token)) word = (word ?? "") + token;
    else if (word !== undefined) {
      argv.push(word);
      word = undefined;
    }
  }
  if (isQuoted) throw new OpenQuote("The command ends inside quotes: paste all of it.");
  return word === undefined ? argv : [...argv, word];
}
