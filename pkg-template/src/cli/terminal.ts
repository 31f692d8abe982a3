// Questions to a person. They go to standard error, so that standard output is the result alone.
import { openSync } from "node:fs";
import { ReadStream } from "node:tty";
import { Interrupted, UsageError } from "./exit.js";

/** A keyboard that has been silent for so many milliseconds has nothing more to say. */
const SILENCE = 50;

/** The person's keyboard: standard input, or the terminal behind it where that is a pipe. */
export class Terminal {
  readonly #show: (text: string) => boolean;
  #stream: ReadStream | undefined;
  #decoder = new TextDecoder();
  /** What was typed and not read yet. */
  #typed = "";
  #hasEnded = false;
  #wake = (): void => {};
  #used = false;

  /** @param show - writes to standard error, and returns whether it could */
  constructor(show: (text: string) => boolean) {
    this.#show = show;
  }

  /** Whether there is anyone to ask. */
  get present(): boolean {
    return !!process.stderr.isTTY && !!(this.#stream ??= this.#open());
  }

  /** Asks for a line. The terminal shows it, and lets it be edited. */
  async ask(question: string): Promise<string> {
    const stream = this.#begin();
    try {
      this.#pose(question);
      let end: number;
      while ((end = this.#typed.indexOf("\n")) < 0) await this.#more();
      const line = this.#typed.slice(0, end);
      this.#typed = this.#typed.slice(end + 1);
      return line.replace(/\r$/, "");
    } finally {
      this.#end(stream);
    }
  }

  /** Asks for a secret: nothing of it is shown. */
  async askHidden(question: string): Promise<string> {
    const stream = this.#begin();
    // Before the question: whoever pastes is quick.
    stream.setRawMode(true);
    try {
      this.#pose(question);
      const line = await this.#line(false);
      if (line === undefined) throw new UsageError("Nothing was entered.");
      return line;
    } finally {
      stream.setRawMode(false);
      this.#end(stream);
      this.#show("\n");
    }
  }

  /** Asks a question that only a clear yes answers with yes. What was typed before the question appeared is no answer to it. */
  async confirm(question: string): Promise<boolean> {
    const stream = this.#begin();
    // Raw: else a "y" without Enter would wait in the terminal's own editor, out of reach.
    stream.setRawMode(true);
    try {
      await this.#forget();
      this.#pose(`${question} [y/N] `);
      return /^\s*y(es)?\s*$/i.test((await this.#line(true)) ?? "");
    } finally {
      stream.setRawMode(false);
      this.#end(stream);
      this.#show("\n");
    }
  }

  /** All of standard input. */
  async readAll(): Promise<string> {
    if (this.#used) throw new UsageError("Standard input (-) can be read once.");
    this.#used = true;
    // Whoever is asked from here on is asked at the terminal itself.
    if (this.#stream === process.stdin) this.#stream = undefined;
    const decoder = new TextDecoder();
    let text = this.#typed;
    this.#typed = "";
    for await (const part of process.stdin) text += decoder.decode(part as Uint8Array, { stream: true });
    return text + decoder.decode();
  }

  /** Nobody answers a question that they cannot see. */
  #pose(question: string): void {
    if (!this.#show(question)) throw new UsageError("The terminal cannot show the question.");
  }

  /**
   * A line from a terminal in raw mode, which neither shows nor interprets what is typed, and takes lines of any length. `undefined` if it was
   * ended by Ctrl-D.
   */
  async #line(isShown: boolean): Promise<string | undefined> {
    let line = "";
    for (;;) {
      for (const character of this.#typed) {
        this.#typed = this.#typed.slice(character.length);
        if (character === "\r" || character === "\n") return line;
        if (character === "\x03") throw new Interrupted("SIGINT");
        if (character === "\x04" && !line) return undefined;
        const before = line;
        if (character === "\x7f" || character === "\b") line = [...line].slice(0, -1).join("");
        else if (character === "\x15") line = "";
        else line += character;
        if (isShown) this.#echo(before, line);
      }
      await this.#more();
    }
  }

  /** Shows how a line has changed at its end. */
  #echo(before: string, after: string): void {
    const width = [...before].length - [...after].length;
    this.#show(width > 0 ? "\b \b".repeat(width) : after.slice(before.length).replace(/\p{C}/gu, "?"));
  }

  /** Drops what was typed so far, also what has not arrived from the terminal yet. */
  async #forget(): Promise<void> {
    do {
      if (this.#typed.includes("\x03")) throw new Interrupted("SIGINT");
      this.#typed = "";
    } while (await this.#arrives(SILENCE));
  }

  /** Waits for more to be typed. */
  async #more(): Promise<void> {
    await this.#arrives();
    if (this.#hasEnded) throw new UsageError("The input ended before the answer.");
  }

  /** Resolves when something is typed, or the input ends; to false if neither happens in time. */
  #arrives(milliseconds?: number): Promise<boolean> {
    if (this.#hasEnded) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(() => resolve(false), milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  readonly #onData = (data: Uint8Array | string): void => {
    this.#typed += typeof data === "string" ? data : this.#decoder.decode(data, { stream: true });
    this.#wake();
  };

  readonly #onEnd = (): void => {
    this.#hasEnded = true;
    this.#wake();
  };

  #begin(): ReadStream {
    if (!this.present) throw new UsageError("There is no terminal to ask at.");
    const stream = this.#stream!;
    stream.on("data", this.#onData).on("end", this.#onEnd).on("error", this.#onEnd);
    stream.resume();
    return stream;
  }

  #end(stream: ReadStream): void {
    stream.pause();
    // The listener for errors stays: without any, an error would end the process.
    stream.off("data", this.#onData).off("end", this.#onEnd);
  }

  #open(): ReadStream | undefined {
    if (process.stdin.isTTY && !this.#used) return process.stdin as ReadStream;
    try {
      return new ReadStream(openSync("/dev/tty", "r"));
    } catch {
      return undefined;
    }
  }
}
