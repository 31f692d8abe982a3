// Asks the user. Questions go to standard error, so that standard output contains only the result.
import { openSync } from "node:fs";
import { ReadStream } from "node:tty";
import { Interrupted, UsageError } from "./exit.js";

/** After this many milliseconds without input, no more input is on its way from the keyboard. */
const SILENCE = 50;

/** The user's keyboard: standard input, or the terminal of the process if standard input is a pipe. */
export class Terminal {
  readonly #show: (text: string) => boolean;
  #stream: ReadStream | undefined;
  #decoder = new TextDecoder();
  /** Input that was typed but not read yet. */
  #typed = "";
  #hasEnded = false;
  #wake = (): void => {};
  #used = false;

  /** @param show - writes to standard error, and returns whether it could */
  constructor(show: (text: string) => boolean) {
    this.#show = show;
  }

  /** Whether there is a terminal to ask at. */
  get present(): boolean {
    return !!process.stderr.isTTY && !!(this.#stream ??= this.#open());
  }

  /** Asks for a line. The terminal shows it, and lets the user edit it. */
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

  /** Asks for a secret, and shows nothing of it. */
  async askHidden(question: string): Promise<string> {
    const stream = this.#begin();
    // Set before the question is shown, since a user who pastes is quick.
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

  /** Asks for confirmation. Only a clear yes counts, and nothing that was typed before the question appeared. */
  async confirm(question: string): Promise<boolean> {
    const stream = this.#begin();
    // Without raw mode, a "y" without Enter would wait in the terminal's own line editor, where it cannot be discarded.
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

  /** Reads all of standard input. */
  async readAll(): Promise<string> {
    if (this.#used) throw new UsageError("Standard input (-) can be read only once.");
    this.#used = true;
    // From now on, questions are asked at the terminal of the process.
    if (this.#stream === process.stdin) this.#stream = undefined;
    const decoder = new TextDecoder();
    let text = this.#typed;
    this.#typed = "";
    for await (const part of process.stdin) text += decoder.decode(part as Uint8Array, { stream: true });
    return text + decoder.decode();
  }

  /** Shows a question, and fails if the user cannot see it. */
  #pose(question: string): void {
    if (!this.#show(question)) throw new UsageError("The terminal cannot show the question.");
  }

  /**
   * Reads a line from a terminal in raw mode, which neither shows nor interprets input, and has no limit on the length of lines. Returns
   * `undefined` if Ctrl-D ended it.
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

  /** Discards what was typed so far, including input that has not arrived from the terminal yet. */
  async #forget(): Promise<void> {
    do {
      if (this.#typed.includes("\x03")) throw new Interrupted("SIGINT");
      this.#typed = "";
    } while (await this.#arrives(SILENCE));
  }

  /** Waits for more input. */
  async #more(): Promise<void> {
    await this.#arrives();
    if (this.#hasEnded) throw new UsageError("The input ended before the answer.");
  }

  /** Resolves to true when input arrives or ends, and to false if neither happens in time. */
  #arrives(milliseconds?: number): Promise<boolean> {
    if (this.#hasEnded) return Promise.resolve(false);
    return new Promise((resolve) => {
      // The time may be over before the event loop has read what is there, on a busy machine. It reads before it runs what is immediate.
      const isSilent = (): unknown => setImmediate(() => resolve(false));
      const timer = milliseconds === undefined ? undefined : setTimeout(isSilent, milliseconds);
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
