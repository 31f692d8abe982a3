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

  /** Runs a check at once if no other one is under way. If it is synchronous then, so is its result. */
  run<T>(check: () => T | Promise<T>): T | Promise<T> {
    const result = this.#last ? this.#follow(this.#last).then(check) : check();
    if (!(result instanceof Promise)) return result;
    const over = () => {
      this.#finished += 1;
      if (this.#last === mine) this.#last = undefined;
    };
    const mine = result.then(over, over);
    this.#last = mine;
    return result;
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
