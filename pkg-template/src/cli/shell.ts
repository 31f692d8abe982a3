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
    words(text);
    return /(^|[^\\])(\\\\)*\\$/.test(text.trimEnd());
  } catch (error) {
    return error instanceof OpenQuote;
  }
}

class OpenQuote extends UsageError {}

/**
 * Splits a pasted command line into the words of its commands, which `|` separates.
 *
 * @throws UsageError where the text would be something else in every shell: a variable, a substitution, an open quote
 */
export function words(text: string): string[][] {
  const commands: string[][] = [[]];
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
    if (word !== undefined) commands.at(-1)!.push(word);
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
      // A new line or ; begins another command; only a pipe connects them.
      if (/[\n;]/.test(found[0]) && commands.at(-1)!.length && rest()) commands.push([]);
    } else if (take(/^\|/)) {
      end();
      commands.push([]);
    } else if (take(/^#.*/) && word === undefined) continue;
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
  return commands.filter((command) => command.length);
}

/** What `$'…'` stands for. Bytes become text as UTF-8. */
function ansiC(text: string): string {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const [, hex, unicode, octal, other, plain] of text.matchAll(
    /\\x([\da-f]{1,2})|\\u([\da-f]{1,4})|\\([0-7]{1,3})|\\([^])|([^\\]+)/gi,
  )) {
    if (hex ?? octal) bytes.push(parseInt((hex ?? octal)!, hex ? 16 : 8) & 0xff);
    else
      bytes.push(
        ...encoder.encode(
          plain ??
            (unicode ? String.fromCodePoint(parseInt(unicode, 16)) : (ANSI_C[other!] ?? (/['"\\?]/.test(other!) ? other! : `\\${other}`))),
        ),
      );
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}
