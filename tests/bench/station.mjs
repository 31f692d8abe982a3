// Inside a runtime: opens one contender, shows what it makes of every input, and runs batches of it. Neutral; the programs beside it carry
// its commands and answers.

const now = () => performance.now();

/** The smallest step of the clock: 1 ms in workerd, 0.1 ms in Chromium, nanoseconds elsewhere. */
function tick() {
  let smallest = Infinity;
  for (let steps = 0, last = now(); steps < 20;) {
    const time = now();
    if (time === last) continue;
    smallest = Math.min(smallest, time - last);
    last = time;
    steps += 1;
  }
  return smallest;
}

/** Waits for the clock's next step. */
function edge() {
  const before = now();
  let after = before;
  while (after === before) after = now();
  return after;
}

export class Station {
  #contender;
  #rows = {};

  /**
   * @param contender by row and name, a function that takes what all inputs of the row share, and returns (or promises) one that takes an input
   * and returns (or promises) an output. If an output is not text yet, `show` of that function makes it so, outside of what is timed.
   */
  constructor(contender) {
    this.#contender = contender;
  }

  /** Takes the rows by name, and answers what the contender makes of every input, or why it cannot run here. */
  async #open(rows) {
    const answer = {};
    for (const [row, { inputs, ...shared }] of Object.entries(rows)) {
      if (!this.#contender[row]) continue;
      this.#rows[row] = {};
      answer[row] = {};
      for (const [name, open] of Object.entries(this.#contender[row])) {
        try {
          const run = await open(shared);
          const show = run.show ?? ((output) => output);
          const outputs = [];
          let promises = false;
          for (const input of inputs) {
            const output = run(input);
            promises ||= output instanceof Promise;
            outputs.push(await show(await output, input));
          }
          this.#rows[row][name] = { run, show, promises, inputs, chunk: 1 };
          answer[row][name] = { outputs };
        } catch (error) {
          answer[row][name] = { missing: String(error?.message ?? error) };
        }
      }
    }
    return { tick: tick(), rows: answer };
  }

  /** Runs through the inputs until the time is over, in chunks of a two-hundredth of it, from one step of the clock to another. */
  async #batch({ row, name, milliseconds }) {
    const opened = this.#rows[row][name];
    const { run, show, promises, inputs, chunk } = opened;
    let count = 0;
    let output;
    const start = edge();
    let time = 0;
    while (time < milliseconds) {
      const end = count + chunk;
      if (promises) for (; count < end; count += 1) output = await run(inputs[count % inputs.length]);
      else for (; count < end; count += 1) output = run(inputs[count % inputs.length]);
      time = now() - start;
    }
    opened.chunk = Math.max(1, Math.floor(count / 200));
    const index = (count - 1) % inputs.length;
    return { count, nanoseconds: time * 1e6, index, output: await show(output, inputs[index]) };
  }

  /** @param command `{ open }` or `{ batch }` */
  obey({ open, batch }) {
    return open ? this.#open(open) : this.#batch(batch);
  }
}
