/** Two clocks that differ by no more than a minute agree. */
const TOLERANCE = 60_000;

/** For so long a wall clock that has jumped must keep pace with the monotonic one before it is believed again: ten minutes. */
const PROBATION = 600_000;

/** How often the comparison starts anew while both agree, so that a small drift never adds up to a minute. */
const HOUR = 3_600_000;

/** Clocks before 2026-01-01 have not been set yet: a Worker's stands at 0 in its global scope, a small computer's until it has a network. */
export const FLOOR = 1_767_225_600_000;

/** What both clocks showed at one moment, in milliseconds. */
interface Reading {
  readonly wall: number;
  readonly monotonic: number;
}

/** What the wall clock should show now, if it has kept pace with the monotonic one since an earlier reading. */
const expected = (since: Reading, monotonic: number): number => since.wall + Math.max(0, monotonic - since.monotonic);

/**
 * The time of day, as far as it can be believed. A nonce that follows a wall clock which is a year ahead burns its key for a year, so the wall
 * clock is compared with the monotonic one, which nobody sets.
 *
 * While they agree within a minute, the wall clock counts. When it has jumped, nobody can tell from inside whether it was set, or whether the
 * machine slept while the monotonic clock stood still. So at first time goes on from before the jump, at the monotonic clock's pace, which is
 * never too high. A wall clock that is steady for ten minutes from then on is believed: that is what ends the doubt after a sleep. More jumps
 * forward do not start the ten minutes again, since machines that sleep often are awake for short times only; falling back does.
 */
export class Clock {
  readonly #wall: () => number;
  readonly #monotonic: () => number;
  /** When both were last believed to agree. */
  #agreed: Reading | undefined;
  /** From where a wall clock that has jumped has been steady. */
  #jumped: Reading | undefined;

  constructor(wall: () => number = () => Date.now(), monotonic: () => number = () => performance.now()) {
    this.#wall = wall;
    this.#monotonic = monotonic;
  }

  /** Milliseconds since 1970. */
  now(): number {
    const reading = { wall: this.#wall(), monotonic: this.#monotonic() };
    if (!this.#agreed) {
      if (reading.wall >= FLOOR) this.#agreed = reading;
      return reading.wall;
    }
    const estimate = expected(this.#agreed, reading.monotonic);
    if (Math.abs(reading.wall - estimate) <= TOLERANCE) {
      this.#jumped = undefined;
      if (reading.monotonic - this.#agreed.monotonic > HOUR) this.#agreed = reading;
      return reading.wall;
    }
    if (!this.#isSteady(reading)) return estimate;
    this.#jumped = undefined;
    this.#agreed = reading;
    return reading.wall;
  }

  /** Whether the wall clock has kept pace for long enough since it jumped. */
  #isSteady(reading: Reading): boolean {
    const { wall, monotonic } = reading;
    if (!(wall >= FLOOR)) {
      this.#jumped = undefined;
      return false;
    }
    const since = (this.#jumped ??= reading);
    const gain = wall - expected(since, monotonic);
    if (gain < -TOLERANCE) this.#jumped = reading;
    // The machine slept once more: the time that it was awake before counts.
    else if (gain > TOLERANCE) this.#jumped = { wall: since.wall + gain, monotonic: since.monotonic };
    return monotonic - this.#jumped.monotonic >= PROBATION;
  }
}

const NAME = Symbol.for("kraken-signer.clock/1");

function shared(): Pick<Clock, "now"> {
  const world = globalThis as { [NAME]?: Pick<Clock, "now"> };
  if (!world[NAME]) Object.defineProperty(world, NAME, { value: new Clock(), configurable: true });
  return world[NAME]!;
}

/**
 * The clock of everything in this package that makes or limits nonces. The ESM and the CommonJS copy of a process share one: a second one that
 * looked for the first time after a jump would believe it.
 */
export const clock = { now: (): number => shared().now() };
