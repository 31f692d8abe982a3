/** One after the other, in the order of arrival. */

import { wait, type Timers } from "./waiting.js";

/**
 * Hashing may be asynchronous, and without turns a later nonce could be checked first. Once nothing has finished for a second the
 * wait is over, because in a Worker whoever is in front may have been cancelled, and will never finish.
 */
export class Turns {
  readonly #timers: Timers;
  #last: Promise<void> | undefined;
  #finished = 0;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  async take<T>(run: () => Promise<T>): Promise<T> {
    const before = this.#last;
    let done = () => {};
    const mine = new Promise<void>((resolve) => {
      done = resolve;
    });
    this.#last = mine;
    if (before) await this.#follow(before);
    try {
      return await run();
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
