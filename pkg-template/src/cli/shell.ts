// Shell words: written so that they mean themselves, and read as bash would.
import { UsageError } from "./exit.js";

/** A word that any POSIX shell takes as this text and nothing else. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

const ANSI_C: Readonly<Record<string, string>> = { a: "\x07", b: "\b", e: "\x1b", E: "\x1b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** Whether a command line goes on in the next line. */
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
  readonly words: string[];
  /** Whether its standard input is what the command before it prints. */
  readonly piped: boolean;
}

/**
 * Splits a pasted command line into its commands and their words.
 *
 * @throws UsageError where the text would be something else in every shell: a variable, a substitution, an open quote
 */
export function commandsOf(text: string): Simple[] {
  const commands: Simple[] = [{ words: [], piped: false }];
  let word: string | undefined;
  let at = 0;
  const rest = (): string => text.slice(at);
  const variable = (): never => {
    throw new UsageError("The command has a shell variable or substitution in it ($ or `): paste it with the values that were sent.");
  };
  const add = (piece: string): void => {
    word = (word ?? "") + piece;
  };
  const end = (): void => {
    if (word !== undefined) commands.at(-1)!.words.push(word);
    word = undefined;
  };
  /** Takes what a pattern matches here. */
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
      if (/[\n;]/.test(found[0]) && commands.at(-1)!.words.length) commands.push({ words: [], piped: false });
    } else if (take(/^\|/)) {
      end();
      commands.push({ words: [], piped: true });
    } else if (word === undefined && take(/^#.*/)) continue;
    else if ((found = take(/^\\([^])/))) add(found[1]!);
    else if ((found = take(/^'([^']*)'/))) add(found[1]!);
    else if ((found = take(/^\$'((?:\\[^]|[^'\\])*)'/))) add(ansiC(found[1]!));
    else if ((found = take(/^\$?"((?:\\[^]|[^"\\])*)"/))) {
      // Within these quotes a backslash is one unless it stands before one of five characters.
      if (/(^|[^\\])(\\\\)*(\$[\w({]|`)/.test(found[1]!)) variable();
      add(found[1]!.replace(/\\([$`"\\\n])/g, (_, character: string) => (character === "\n" ? "" : character)));
    } else if (/^\$?['"]/.test(rest())) throw new OpenQuote("The command ends within quotes: paste all of it.");
    else if (/^(\$[\w({]|`)/.test(rest())) variable();
    else if (/^[<>&()]/.test(rest())) throw new UsageError(`The command has ${text[at]!} outside quotes: paste the curl command alone.`);
    else add((found = take(/^[^]/)!)[0]);
  }
  end();
  return commands.filter(({ words }) => words.length);
}

/** What `$'…'` stands for. Bytes become text as UTF-8. */
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
