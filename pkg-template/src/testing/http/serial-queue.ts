/** Runs checks one after another, in the order of arrival. */

import { wait, type Timers } from "./waiting.js";

/**
 * Serializes the checks, because hashing may be asynchronous and a later nonce could be checked first. If nothing finishes for a second, the wait
 * ends, because a Worker may have canceled the request in front, which then never finishes.
 */
export class SerialQueue {
  readonly #timers: Timers;
  #last: Promise<void> | undefined;
  #finished = 0;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  async run<T>(check: () => Promise<T>): Promise<T> {
    const before = this.#last;
    let done = () => {};
    const mine = new Promise<void>((resolve) => {
      done = resolve;
    });
    this.#last = mine;
    if (before) await this.#follow(before);
    try {
      return await check();
    } finally {
      this.#finished += 1;
      if (this.#last === mine) this.#last = undefined;
      done();
    }
  }

  async #follow(before: Promise<void>): Promise<void> {
    let free = false;
    const freed = before.then(() => {
      free = true;
    });
    for (let seen = -1; !free && seen !== this.#finished;) {
      seen = this.#finished;
      await wait(this.#timers, 1000, undefined, freed);
    }
  }
}
