/** Two clocks agree if they differ by at most a minute. */
const TOLERANCE = 60_000;

/** Ten minutes. A wall clock that has jumped must keep pace with the monotonic clock for this long before it is trusted again. */
const PROBATION = 600_000;

/** The comparison starts anew every hour while both clocks agree, so that a small drift does not add up to a minute. */
const HOUR = 3_600_000;

/** 2026-01-01. A clock before that has not been set: a Worker's clock in the global scope, or that of a small computer before it has a network. */
export const FLOOR = 1_767_225_600_000;

/** The readings of both clocks at one moment, in milliseconds. */
interface Reading {
  readonly wall: number;
  readonly monotonic: number;
}

/** Returns the wall clock's expected reading, if it has kept pace with the monotonic clock since an earlier reading. */
const expected = (since: Reading, monotonic: number): number => since.wall + Math.max(0, monotonic - since.monotonic);

/**
 * A wall clock that is protected against jumps. If a nonce followed a wall clock that is a year ahead, the key would be unusable for a year. So the wall
 * clock is compared with the monotonic clock, which cannot be set.
 *
 * While they agree within a minute, the wall clock counts. After a jump, it is not known whether the wall clock was set, or whether the machine slept
 * while the monotonic clock stood still. So time first continues from before the jump at the pace of the monotonic clock, which is never too high. A
 * wall clock that is then steady for ten minutes is trusted. Further jumps forward do not restart the ten minutes, because a machine that sleeps often is
 * awake only for short times. A jump back does.
 */
export class Clock {
  readonly #wall: () => number;
  readonly #monotonic: () => number;
  /** The last reading at which both clocks agreed. */
  #agreed: Reading | undefined;
  /** The reading since which a wall clock that has jumped has been steady. */
  #jumped: Reading | undefined;

  constructor(wall: () => number = () => Date.now(), monotonic: () => number = () => performance.now()) {
    this.#wall = wall;
    this.#monotonic = monotonic;
  }

  /** Returns milliseconds since 1970. */
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
    // The machine slept once more. The time that it was awake before counts.
    else if (gain > TOLERANCE) this.#jumped = { wall: since.wall + gain, monotonic: since.monotonic };
    return monotonic - this.#jumped.monotonic >= PROBATION;
  }
}

const NAME = Symbol.for("kraken-signer.clock/1");

function shared(): Pick<Clock, "now"> {
  const scope = globalThis as { [NAME]?: Pick<Clock, "now"> };
  if (!scope[NAME]) Object.defineProperty(scope, NAME, { value: new Clock(), configurable: true });
  return scope[NAME]!;
}

/**
 * The clock of all code in this package that makes or checks nonces. The ESM and the CommonJS copy of the package share it, because a second clock that
 * started after a jump would not notice the jump.
 */
export const clock = { now: (): number => shared().now() };
