import { KrakenError } from "../errors.js";

/** What happens to messages when the reader is slower than they come. */
export type Overflow = "close" | "drop-oldest";

/** Messages on their way to the reader: a bounded queue that says so when it loses one. */
export class Inbox<T> {
  readonly #limit: number;
  readonly #overflow: Overflow;
  readonly #dropped: (count: number) => T;
  readonly #items: T[] = [];
  readonly #readers: (() => void)[] = [];
  #lost = 0;
  #end: { readonly error: unknown } | undefined;

  /** `dropped` makes the message that stands where others were lost. */
  constructor(limit: number, overflow: Overflow, dropped: (count: number) => T) {
    this.#limit = limit;
    this.#overflow = overflow;
    this.#dropped = dropped;
  }

  /** Keeps a message for the reader. Returns how many have been lost in a row. @throws KrakenError if there is no room */
  push(item: T): number {
    if (this.#end) return 0;
    if (this.#items.length >= this.#limit) {
      if (this.#overflow === "close")
        throw new KrakenError("ERR_UNAVAILABLE", `The reader is too slow: ${this.#limit} messages wait. See queue and overflow.`);
      this.#items.shift();
      this.#lost++;
    }
    this.#items.push(item);
    this.#wake();
    return this.#lost;
  }

  /** No more messages; once those that are left have been read, the reader gets the error, if there is one. */
  end(error: unknown): void {
    this.#end ??= { error };
    this.#wake();
  }

  async *read(): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const lost = this.#lost;
      this.#lost = 0;
      if (lost) yield this.#dropped(lost);
      else if (this.#items.length) yield this.#items.shift()!;
      else if (!this.#end) await new Promise<void>((resolve) => this.#readers.push(resolve));
      else if (this.#end.error) throw this.#end.error;
      else return;
    }
  }

  #wake(): void {
    for (const wake of this.#readers.splice(0)) wake();
  }
}
