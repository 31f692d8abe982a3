// Where a command reads from and prints to.
import { Terminal } from "./terminal.js";

/** Colours, or the text as it is. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
}

/** Takes the power of escape sequences from what came from elsewhere. Line feeds and tabs stay. */
export const printable = (text: string): string =>
  text.replace(/[^\P{C}\n\t]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);

function styleOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Style {
  const colours = stream.isTTY && !env.NO_COLOR && env.TERM !== "dumb";
  const paint =
    (code: number) =>
    (text: string): string =>
      colours ? `\x1b[${code}m${text}\x1b[0m` : text;
  return { bold: paint(1), dim: paint(2), red: paint(31), yellow: paint(33), green: paint(32) };
}

export class Io {
  readonly env = process.env;
  readonly terminal = new Terminal();
  readonly style = styleOf(process.stdout, process.env);
  readonly noteStyle = styleOf(process.stderr, process.env);

  /** @param json whether results and errors are for programs */
  constructor(readonly json: boolean) {}

  /** A result, to standard output. */
  print(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** A result for programs. */
  printJson(value: unknown): void {
    this.print(JSON.stringify(value, undefined, 2));
  }

  /** What is said beside a result, to standard error. */
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  warn(text: string): void {
    this.note(`${this.noteStyle.yellow("warning:")} ${text}`);
  }
}

/** Names and values below each other, the values in line. */
export function aligned(rows: readonly (readonly [string, string])[], gap = "  ", indent = ""): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(([name, value]) =>
      `${indent}${name.padEnd(width)}${gap}${value.replaceAll("\n", `\n${" ".repeat(indent.length + width + gap.length)}`)}`.trimEnd(),
    )
    .join("\n");
}
