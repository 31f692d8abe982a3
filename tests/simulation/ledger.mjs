// What really happened: every execution, every promise that something did not and will not happen, and what contradicts either.

/** The truth about a world. Every intended write has a mark of its own, which is sent along as the parameter `sim`. */
export class Ledger {
  /** How often each mark was executed. */
  executed = new Map();
  /** Marks of which somebody was told that they were not executed, and by what. */
  #denied = new Map();
  /** What contradicts the invariants, in words. */
  violations = [];
  #isOver = false;

  /** An exchange has carried out what has this mark. */
  execute(mark) {
    const times = (this.executed.get(mark) ?? 0) + 1;
    this.executed.set(mark, times);
    if (times > 1) this.violate(`${mark} was executed ${times} times`);
    const denial = this.#denied.get(mark);
    if (denial) this.violate(`${mark} was executed after «${denial}»`);
  }

  count(mark) {
    return this.executed.get(mark) ?? 0;
  }

  /** Somebody was told that this was not executed: it must never be. */
  deny(mark, by) {
    if (this.count(mark)) this.violate(`${mark} was executed, but ${by}`);
    this.#denied.set(mark, by);
  }

  /** Somebody was told that this was executed. */
  affirm(mark, by) {
    if (!this.count(mark)) this.violate(`${mark} was not executed, but ${by}`);
  }

  violate(what) {
    if (!this.#isOver) this.violations.push(what);
  }

  /** The world is over. The calls of dead processes end only when their clients are closed, and no caller is told about them. */
  end() {
    this.#isOver = true;
  }
}
