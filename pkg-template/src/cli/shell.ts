// Quotes arguments for a shell, and reads command lines as bash would.
import { UsageError } from "./exit.js";

/** Quotes a text so that every POSIX shell takes it literally. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

const ANSI_C: Readonly<Record<string, string>> = { a: "\x07", b: "\b", e: "\x1b", E: "\x1b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** Whether a command line continues on the next line. */
export function unfinished(text: string): boolean {
  try {
    commandsOf(text);
    return /(^|[^\\])(\\\\)*\\$/.test(text.trimEnd());
  } catch (error) {
    return error instanceof OpenQuote;
  }
}

class OpenQuote extends UsageError {}

/** One command of a command line. */
export interface Simple {
  readonly argv: string[];
  /** Whether its standard input is the output of the command before it. */
  readonly piped: boolean;
}

/**
 * Splits a pasted command line into commands and their arguments.
 *
 * @throws UsageError if only the shell knows what the text stands for: a variable, a substitution, an open quote
 */
export function commandsOf(text: string): Simple[] {
  const commands: Simple[] = [{ argv: [], piped: false }];
  let word: string | undefined;
  let at = 0;
  const rest = (): string => text.slice(at);
  const variable = (): never => {
    throw new UsageError("The command contains a shell variable or substitution ($ or `): paste it with the values that were sent.");
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
    const found = pattern.exec(rest());
    if (found) at += found[0].length;
    return found ?? undefined;
  };
  while (at < text.length) {
    let found: RegExpExecArray | undefined;
    if (take(/^\\\r?\n/)) continue;
    if ((found = take(/^[\s;]+/))) {
      end();
      if (/[\n;]/.test(found[0]) && commands.at(-1)!.argv.length) commands.push({ argv: [], piped: false });
    } else if (take(/^\|/)) {
      end();
      commands.push({ argv: [], piped: true });
    } else if (word === undefined && take(/^#.*/)) continue;
    else if ((found = take(/^\\([^])/))) add(found[1]!);
    else if ((found = take(/^'([^']*)'/))) add(found[1]!);
    else if ((found = take(/^\$'((?:\\[^]|[^'\\])*)'/))) add(ansiC(found[1]!));
    else if ((found = take(/^\$?"((?:\\[^]|[^"\\])*)"/))) {
      // Within these quotes, a backslash is literal unless one of five characters follows.
      if (/(^|[^\\])(\\\\)*(\$[\w({]|`)/.test(found[1]!)) variable();
      add(found[1]!.replace(/\\([$`"\\\n])/g, (_, character: string) => (character === "\n" ? "" : character)));
    } else if (/^\$?['"]/.test(rest())) throw new OpenQuote("The command ends inside quotes: paste all of it.");
    else if (/^(\$[\w({]|`)/.test(rest())) variable();
    else if (/^[<>&()]/.test(rest())) throw new UsageError(`The command has ${text[at]!} outside quotes: paste only the curl command.`);
    else add((found = take(/^[^]/)!)[0]);
  }
  end();
  return commands.filter(({ argv }) => argv.length);
}

/** Returns the text that `$'…'` stands for. Bytes are decoded as UTF-8. */
function ansiC(text: string): string {
  const bytes: number[] = [];
  const say = (piece: string): void => void bytes.push(...new TextEncoder().encode(piece));
  const escapes = /\\x([\da-fA-F]{1,2})|\\u([\da-fA-F]{1,4})|\\U([\da-fA-F]{1,8})|\\([0-7]{1,3})|\\([^])|([^\\]+)/g;
  for (const [, hex, short, long, octal, other, plain] of text.matchAll(escapes)) {
    if (hex) bytes.push(parseInt(hex, 16));
    else if (octal) bytes.push(parseInt(octal, 8) & 0xff);
    else if (short ?? long) say(String.fromCodePoint(parseInt((short ?? long)!, 16)));
    else if (other) say(ANSI_C[other] ?? (/['"\\?]/.test(other) ? other : `\\${other}`));
    else say(plain!);
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}
