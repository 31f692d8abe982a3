// Where a command reads from and prints to.
import { type Interrupted, OutputError } from "./exit.js";
import { Output } from "./output.js";
import { Progress } from "./progress.js";
import { Terminal } from "./terminal.js";

/** Colors, or the text as it is. */
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
  const isColored = stream.isTTY && !env.NO_COLOR && env.TERM !== "dumb";
  const paint =
    (code: number) =>
    (text: string): string =>
      isColored ? `\x1b[${code}m${text}\x1b[0m` : text;
  return { bold: paint(1), dim: paint(2), red: paint(31), yellow: paint(33), green: paint(32) };
}

export class Io {
  readonly env = process.env;
  readonly #results = new Output(process.stdout, 1);
  readonly #notes = new Output(process.stderr, 2);
  readonly terminal = new Terminal((text) => this.#notes.writeNow(text));
  readonly style = styleOf(process.stdout, process.env);
  readonly noteStyle = styleOf(process.stderr, process.env);
  readonly progress = new Progress();
  /** What was printed and is not written yet, in order. */
  readonly #printed: (readonly [Output, string | Uint8Array])[] = [];
  #lastNote: Promise<unknown> = Promise.resolve();
  /** Whether it is being told, or was, how it ended. */
  isTelling = false;

  /** How a command that is under way ends when it is told to stop. It returns whether it does: else the process ends at once. */
  windUp: ((reason: Interrupted) => boolean) | undefined;

  /**
   * @param json - whether results and errors are for programs
   * @param futures - whether errors are about Kraken Futures
   */
  constructor(
    readonly json: boolean,
    readonly futures: boolean,
  ) {}

  /** A result, for standard output. It is written when the command has ended. */
  print(text: string): void {
    this.#printed.push([this.#results, `${text}\n`]);
  }

  /** A result in bytes. */
  printBytes(bytes: Uint8Array): void {
    this.#printed.push([this.#results, bytes]);
  }

  /** A result for programs. */
  printJson(value: unknown): void {
    this.print(JSON.stringify(value, undefined, 2));
  }

  /** What is said beside a result, to standard error; after the results that were printed before it. */
  note(text: string): void {
    if (this.#printed.length) this.#printed.push([this.#notes, `${text}\n`]);
    else this.#lastNote = this.#notes.write(`${text}\n`);
  }

  warn(text: string): void {
    this.note(`${this.noteStyle.yellow("warning:")} ${text}`);
  }

  /**
   * Writes what was printed.
   *
   * @throws OutputError if a result could not be written
   */
  async flush(): Promise<void> {
    await this.#lastNote;
    for (const [output, data] of this.#printed.splice(0)) {
      const reason = await output.write(data);
      if (reason === undefined || output === this.#notes) continue;
      // A reader that has seen enough, such as head, is no error; but whoever changed something is told what came of it.
      if (reason === "EPIPE" && !this.progress.isDone) return;
      throw new OutputError(reason);
    }
  }

  /** Redraws a line of a terminal. Returns whether it could be. */
  async redraw(text: string): Promise<boolean> {
    return (await this.#results.write(text)) === undefined;
  }

  /** Tells how it ended, on standard error, or on standard output if that is gone. */
  async tell(text: string): Promise<void> {
    this.isTelling = true;
    await this.#lastNote;
    if ((await this.#notes.write(text)) !== undefined) await this.#results.write(text);
  }

  /** The same just before the process ends. */
  tellNow(text: string): void {
    if (!this.#notes.writeNow(text)) this.#results.writeNow(text);
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
