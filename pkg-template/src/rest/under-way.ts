import type { CallTimer } from "./call-timer.js";

/** A call of a client from its beginning to its result or error. */
export interface CallUnderWay {
  readonly timer: CallTimer;
  /** Whether a request of it is on its way to Kraken. */
  isSent: boolean;
}

/** Several calls that belong together, such as placing an order and finding out what happened to it. A client that drains waits for its end. */
export interface Operation {
  end(): void;
}

/** The method of a client that begins an operation. The copies of this package (ESM, CommonJS) share it, and types omit it. */
export const BEGIN = /* @__PURE__ */ Symbol.for("kraken-signer.operation/1");

/** The option of a call that belongs to an operation. A client that drains makes the call all the same. */
const PART_OF = /* @__PURE__ */ Symbol.for("kraken-signer.part-of/1");

/** The calls and operations of a client, which it waits for when it drains. */
export class UnderWay {
  readonly #calls = new Set<CallUnderWay>();
  /** An array, because most clients have none, and a set takes 200 bytes. */
  #operations: readonly Operation[] = [];
  #waiters: (() => void)[] = [];

  begin(call: CallUnderWay): void {
    this.#calls.add(call);
  }

  end(call: CallUnderWay): void {
    this.#calls.delete(call);
    this.#wake();
  }

  beginOperation(): Operation {
    const operation: Operation = {
      end: () => {
        this.#operations = this.#operations.filter((one) => one !== operation);
        this.#wake();
      },
    };
    this.#operations = [...this.#operations, operation];
    return operation;
  }

  /** Whether a call belongs to an operation that is under way. */
  isPartOfOperation(options: object): boolean {
    return this.#operations.includes((options as { [PART_OF]?: Operation })[PART_OF]!);
  }

  /** Ends the calls of which no request is on its way. */
  endUnsent(reason: (call: CallUnderWay) => unknown): void {
    for (const call of this.#calls) if (!call.isSent) call.timer.end(reason(call));
  }

  /** Waits until nothing is under way. */
  async idle(): Promise<void> {
    while (this.#isBusy) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
      // The caller may go on with the result or error, for example look for an order of unknown outcome.
      await new Promise<void>((resolve) => setTimeout(resolve));
    }
  }

  get #isBusy(): boolean {
    return this.#calls.size > 0 || this.#operations.length > 0;
  }

  #wake(): void {
    if (!this.#waiters.length || this.#isBusy) return;
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}

/** Returns the options of a call that belongs to an operation. */
export const partOf = (operation: Operation): object => ({ [PART_OF]: operation });

/** Begins an operation. The client of a Durable Object, or one of a test, does not drain. */
export const beginOperation = (client: object): Operation => (client as { [BEGIN]?: () => Operation })[BEGIN]?.() ?? { end: () => {} };
