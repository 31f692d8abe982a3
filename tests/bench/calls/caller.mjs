// Inside a runtime: opens a contender, and makes calls with all its callers at once for a while. Neutral; the programs beside it carry its commands
// and answers.

/** An answer as text, with its numbers as text, too, because ccxt does not parse them. */
const written = (answer) => JSON.stringify(answer, (_, value) => (typeof value === "number" ? String(value) : value));

export class Caller {
  #contenders;
  #opened = {};

  /** @param contenders by name, functions that take a place (`url`, `endpoint`, `expected`, `keys`, `bare`) and return (or promise) a function for each caller */
  constructor(contenders) {
    this.#contenders = contenders;
  }

  /** Opens every contender for every place, or the `only` one of a place, makes one call with each caller, and answers with what is there, or why it cannot run here. */
  async #open({ places }) {
    const answer = {};
    for (const [name, open] of Object.entries(this.#contenders)) {
      answer[name] = {};
      this.#opened[name] = {};
      for (const [place, given] of Object.entries(places)) {
        if (given.only && given.only !== name) continue;
        try {
          const calls = await open(given);
          if (!calls) continue;
          for (const found of await Promise.all(calls.map((call) => call())))
            if (written(found) !== written(given.expected)) throw new Error(`wrong answer: ${written(found)}`);
          this.#opened[name][place] = calls;
          answer[name][place] = {};
        } catch (error) {
          answer[name][place] = { missing: String(error?.message ?? error).split("\n")[0] };
        }
      }
    }
    return answer;
  }

  /** Makes calls until the time is over: every caller one after another. */
  async #batch({ name, place, milliseconds, usage }) {
    const before = usage?.();
    const start = performance.now();
    const end = start + milliseconds;
    const counts = await Promise.all(
      this.#opened[name][place].map(async (call) => {
        let count = 0;
        do {
          if (!(await call())) throw new Error("no answer");
          count += 1;
        } while (performance.now() < end);
        return count;
      }),
    );
    const wall = performance.now() - start;
    return { count: counts.reduce((sum, count) => sum + count), callers: counts.length, wall, ...(before && { processor: usage(before) }) };
  }

  /** @param command `{ open }` or `{ batch }`; `usage` counts processor time in milliseconds, where the runtime can */
  obey({ open, batch }, usage) {
    return open ? this.#open(open) : this.#batch({ ...batch, usage });
  }
}

/** Processor time of this process in milliseconds, or more than at an earlier time. */
export function usageOfProcess(before = 0) {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 - before;
}
