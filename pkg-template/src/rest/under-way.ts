import type { CallTimer } from "./call-timer.js";

/** A call of a client from its beginning to its result or error. */
export interface CallUnderWay {
  readonly timer: CallTimer;
  /** Whether a request of it is on its way to Kraken. */
  isSent: boolean;
}

/** Keeps a client open for an operation of several calls, such as placing an order and finding out what happened to it. */
export interface Hold {
  /** Ends the operation. */
  release(): void;
}

/** The method of a client that returns a hold. The copies of this package (ESM, CommonJS) share it, and types omit it. */
export const HOLD = /* @__PURE__ */ Symbol.for("kraken-signer.hold/1");

/** The option of a call that belongs to an operation: its hold. A client that drains makes the call all the same. */
const HELD = /* @__PURE__ */ Symbol.for("kraken-signer.held/1");

/** What a client waits for when it drains: its calls, and operations of several calls. */
export class UnderWay {
  readonly #calls = new Set<CallUnderWay>();
  readonly #holds = new Set<Hold>();
  #waiters: (() => void)[] = [];

  begin(call: CallUnderWay): void {
    this.#calls.add(call);
  }

  end(call: CallUnderWay): void {
    this.#calls.delete(call);
    this.#wake();
  }

  hold(): Hold {
    const hold: Hold = {
      release: () => {
        this.#holds.delete(hold);
        this.#wake();
      },
    };
    this.#holds.add(hold);
    return hold;
  }

  /** Whether a call belongs to an operation that is under way. */
  isHeld(options: object): boolean {
    return this.#holds.has((options as { [HELD]?: Hold })[HELD]!);
  }

  /** Ends the calls of which no request is on its way. */
  endUnsent(reason: (call: CallUnderWay) => unknown): void {
    for (const call of this.#calls) if (!call.isSent) call.timer.end(reason(call));
  }

  /** Waits until nothing is under way. */
  async idle(): Promise<void> {
    while (this.#isBusy) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
      // Whoever got a result or an error may go on with it, for example look for an order of unknown outcome.
      await new Promise<void>((resolve) => setTimeout(resolve));
    }
  }

  get #isBusy(): boolean {
    return this.#calls.size > 0 || this.#holds.size > 0;
  }

  #wake(): void {
    if (this.#isBusy) return;
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}

/** Returns the options of a call that belongs to an operation. */
export const heldBy = (hold: Hold): object => ({ [HELD]: hold });

/** Keeps a client open until the hold is released. The client of a Durable Object, or one of a test, has nothing to keep open. */
export const holdOpen = (client: object): Hold => (client as { [HOLD]?: () => Hold })[HOLD]?.() ?? { release: () => {} };
