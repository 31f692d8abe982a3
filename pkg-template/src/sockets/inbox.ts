import { KrakenError } from "../errors.js";

/** The action when the queue of messages is full: close the socket, or drop the oldest message. */
export type Overflow = "close" | "drop-oldest";

/** A bounded queue of messages for the reader. It reports lost messages. */
export class Inbox<T> {
  readonly #limit: number;
  readonly #overflow: Overflow;
  readonly #dropped: (count: number) => T;
  readonly #items: T[] = [];
  readonly #readers: (() => void)[] = [];
  #lost = 0;
  #end: { readonly error: unknown } | undefined;

  /** `dropped` makes the message that replaces lost ones. */
  constructor(limit: number, overflow: Overflow, dropped: (count: number) => T) {
    this.#limit = limit;
    this.#overflow = overflow;
    this.#dropped = dropped;
  }

  /** Adds a message. Returns the number of messages lost in a row. @throws KrakenError if the queue is full */
  push(item: T): number {
    if (this.#end) return 0;
    if (this.#items.length >= this.#limit) {
      if (this.#overflow === "close")
        throw new KrakenError(
          "ERR_UNAVAILABLE",
          `The reader is too slow: ${this.#limit} messages are waiting. Read faster, or see the options \`queue\` and \`overflow\`.`,
        );
      this.#items.shift();
      this.#lost++;
    }
    this.#items.push(item);
    this.#wake();
    return this.#lost;
  }

  /** Ends the queue. After the remaining messages, the reader gets the error, if there is one. */
  end(error: unknown): void {
    this.#end ??= { error };
    this.#wake();
  }

  /** @param begin - called when the first message is asked for */
  async *read(begin: () => void): AsyncGenerator<T, void, undefined> {
    begin();
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
    while (this.#readers.length) this.#readers.shift()!();
  }
}
