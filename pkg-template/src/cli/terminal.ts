// Questions to a person. They go to standard error, so that standard output is the result alone.
import { openSync } from "node:fs";
import { ReadStream } from "node:tty";
import { Interrupted, UsageError } from "./exit.js";

/** The person's keyboard: standard input, or the terminal behind it where that is a pipe. */
export class Terminal {
  #stream: ReadStream | undefined;
  /** What was typed and not read yet. */
  #typed = "";
  #used = false;

  /** Whether there is anyone to ask. */
  get present(): boolean {
    return !!process.stderr.isTTY && !!(this.#stream ??= this.#open());
  }

  /** Asks for a line. The terminal shows it, and lets it be edited. */
  async ask(question: string): Promise<string> {
    const stream = this.#begin();
    try {
      process.stderr.write(question);
      let end: number;
      while ((end = this.#typed.indexOf("\n")) < 0) this.#typed += await chunk(stream);
      const line = this.#typed.slice(0, end);
      this.#typed = this.#typed.slice(end + 1);
      return line.replace(/\r$/, "");
    } finally {
      stream.pause();
    }
  }

  /** Asks for a secret: nothing of it is shown. */
  async askHidden(question: string): Promise<string> {
    const stream = this.#begin();
    // Raw: the terminal neither shows nor interprets what is typed, and takes lines of any length. Before the question: whoever pastes is quick.
    stream.setRawMode(true);
    try {
      process.stderr.write(question);
      let line = "";
      for (;;) {
        for (const character of this.#typed) {
          this.#typed = this.#typed.slice(character.length);
          if (character === "\r" || character === "\n") return line;
          if (character === "\x03") throw new Interrupted();
          if (character === "\x04" && !line) throw new UsageError("Nothing was entered.");
          if (character === "\x7f" || character === "\b") line = [...line].slice(0, -1).join("");
          else if (character === "\x15") line = "";
          else line += character;
        }
        this.#typed += await chunk(stream);
      }
    } finally {
      stream.setRawMode(false);
      stream.pause();
      process.stderr.write("\n");
    }
  }

  /** Asks a question that only a clear yes answers with yes. */
  async confirm(question: string): Promise<boolean> {
    return /^\s*y(es)?\s*$/i.test(await this.ask(`${question} [y/N] `));
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

  /** Lets the process end. */
  close(): void {
    this.#stream?.destroy();
  }

  #begin(): ReadStream {
    if (!this.present) throw new UsageError("There is no terminal to ask at.");
    this.#stream!.resume();
    return this.#stream!;
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

/** The next piece of what is typed. */
function chunk(stream: ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    const over = (): void => {
      stream.off("data", arrived);
      stream.off("end", ended);
      stream.off("error", ended);
    };
    const arrived = (data: Uint8Array | string): void => {
      over();
      resolve(typeof data === "string" ? data : new TextDecoder().decode(data));
    };
    const ended = (): void => {
      over();
      reject(new UsageError("The input ended before the answer."));
    };
    stream.on("data", arrived);
    stream.on("end", ended);
    stream.on("error", ended);
  });
}
