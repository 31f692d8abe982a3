// The input and output of a command.
import { type Interrupted, OutputError } from "./exit.js";
import { Output, jsonTextOf } from "./output.js";
import { Progress } from "./progress.js";
import { Terminal } from "./terminal.js";

/** Functions that color a text, or return it unchanged. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
}

/** Disarms escape sequences in text from elsewhere: replaces all control characters but line feeds and tabs. */
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
  /** Output that was printed but not written yet, in order. */
  readonly #printed: (readonly [Output, string | Uint8Array])[] = [];
  #lastNote: Promise<unknown> = Promise.resolve();
  /** Whether the error that ends the process is being reported, or was. */
  isReporting = false;

  /** Asks the running command to finish after a signal. Returns whether it will; otherwise, the process ends at once. */
  windUp: ((reason: Interrupted) => boolean) | undefined;

  /**
   * @param json - whether results and errors are for programs
   * @param futures - whether errors are about Kraken Futures
   */
  constructor(
    readonly json: boolean,
    readonly futures: boolean,
  ) {}

  /** Prints a result to standard output. It is written when the command has ended. */
  print(text: string): void {
    this.#printed.push([this.#results, `${text}\n`]);
  }

  /** Prints a result that consists of bytes. */
  printBytes(bytes: Uint8Array): void {
    this.#printed.push([this.#results, bytes]);
  }

  /** Prints a result for programs. */
  printJson(value: unknown): void {
    this.print(jsonTextOf(value, 2));
  }

  /** Prints a note to standard error, after the results that were printed before it. */
  note(text: string): void {
    if (this.#printed.length) this.#printed.push([this.#notes, `${text}\n`]);
    else this.#lastNote = this.#notes.write(`${text}\n`);
  }

  warn(text: string): void {
    this.note(`${this.noteStyle.yellow("warning:")} ${text}`);
  }

  /**
   * Writes everything that was printed.
   *
   * @throws OutputError if a result could not be written
   */
  async flush(): Promise<void> {
    await this.#lastNote;
    for (const [output, data] of this.#printed.splice(0)) {
      const reason = await output.write(data);
      if (reason === undefined || output === this.#notes) continue;
      // It is no error if a reader such as `head` has seen enough. But after a change, the user must learn its result.
      if (reason === "EPIPE" && !this.progress.isDone) return;
      throw new OutputError(reason);
    }
  }

  /** Redraws a line of the terminal. Returns whether that worked. */
  async redraw(text: string): Promise<boolean> {
    return (await this.#results.write(text)) === undefined;
  }

  /** Reports the error that ends the process, on standard error, or on standard output if standard error is gone. */
  async report(text: string): Promise<void> {
    this.isReporting = true;
    await this.#lastNote;
    if ((await this.#notes.write(text)) !== undefined) await this.#results.write(text);
  }

  /** Reports the error without waiting, just before the process ends. */
  reportNow(text: string): void {
    if (!this.#notes.writeNow(text)) this.#results.writeNow(text);
  }
}

/** Arranges names and values in two columns. */
export function aligned(rows: readonly (readonly [string, string])[], gap = "  ", indent = ""): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(([name, value]) =>
      `${indent}${name.padEnd(width)}${gap}${value.replaceAll("\n", `\n${" ".repeat(indent.length + width + gap.length)}`)}`.trimEnd(),
    )
    .join("\n");
}
