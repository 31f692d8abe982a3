// The time that nonces follow: a wall clock that has jumped is not believed, and not disbelieved for ever.
import assert from "node:assert/strict";
import { test } from "node:test";
import { handClocks, loadInternals } from "./helper.mjs";

const { Clock } = await loadInternals();

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

function open(wall) {
  const clocks = handClocks(wall);
  const clock = new Clock(
    () => clocks.wall,
    () => clocks.monotonic,
  );
  return { clocks, clock };
}

test("the wall clock is used while it agrees with the monotonic clock within a minute", () => {
  const { clocks, clock } = open();
  for (const jump of [0, 30 * SECOND, -30 * SECOND, MINUTE]) {
    clock.now();
    clocks.pass(5 * SECOND);
    clocks.jump(jump);
    assert.equal(clock.now(), clocks.wall, `${jump} ms`);
    clocks.jump(-jump);
  }
});

for (const [name, jump] of [
  ["an hour", HOUR],
  ["a year", YEAR],
])
  for (const sign of [1, -1])
    test(`a wall clock that jumps ${name} ${sign > 0 ? "ahead" : "back"} is not trusted, and time continues at the pace of the monotonic clock`, () => {
      const { clocks, clock } = open();
      const start = clock.now();
      clocks.jump(sign * jump);
      for (let passed = 0; passed <= 9 * MINUTE; passed += 30 * SECOND, clocks.pass(30 * SECOND)) assert.equal(clock.now(), start + passed);
      // It is set right again.
      clocks.jump(-sign * jump);
      assert.equal(clock.now(), clocks.wall);
      clocks.jump(sign * jump);
      assert.equal(clock.now(), clocks.wall - sign * jump, "the ten minutes start anew");
    });

test("after sleep, the wall clock is trusted once it has been steady for ten minutes", () => {
  for (const slept of [2 * MINUTE, 8 * HOUR, 60 * HOUR, 400 * DAY]) {
    const { clocks, clock } = open();
    const start = clock.now();
    clocks.jump(slept);
    assert.equal(clock.now(), start);
    clocks.pass(10 * MINUTE);
    assert.equal(clock.now(), clocks.wall, `${slept} ms`);
    clocks.pass(1);
    assert.equal(clock.now(), clocks.wall);
  }
});

test("the wall clock of a machine that sleeps after every minute is trusted after ten minutes awake", () => {
  const { clocks, clock } = open();
  clock.now();
  let believed = 0;
  for (let minute = 0; minute < 30; minute++) {
    clocks.jump(3 * HOUR);
    clock.now();
    clocks.pass(MINUTE);
    if (clock.now() === clocks.wall) believed++;
  }
  assert.ok(believed >= 2, `${believed} times`);
});

test("a wall clock that jumps back again and again is never trusted", () => {
  const { clocks, clock } = open();
  const start = clock.now();
  for (let minute = 0; minute < 60; minute++) {
    clocks.jump(minute % 2 ? -DAY : DAY + 2 * MINUTE);
    assert.equal(clock.now(), start + minute * MINUTE);
    clocks.pass(MINUTE);
  }
});

test("a wall clock that stands still is not trusted", () => {
  const { clocks, clock } = open();
  const start = clock.now();
  for (let passed = 0; passed < HOUR; passed += SECOND, clocks.monotonic += SECOND) {
    const now = clock.now();
    assert.ok(now === start + passed || (now === start && passed <= MINUTE), `${passed} ms`);
  }
});

test("a small drift never adds up to a jump", () => {
  const { clocks, clock } = open();
  for (let hours = 0; hours < 24 * 365; hours++) {
    assert.equal(clock.now(), clocks.wall);
    clocks.pass(HOUR + 1);
    clocks.jump(2 * SECOND);
  }
});

test("a clock at zero is not a starting point, and one that falls to zero is never trusted", () => {
  const { clocks, clock } = open(0);
  assert.equal(clock.now(), 0);
  clocks.pass(SECOND);
  clocks.jump(Date.UTC(2026, 10, 28));
  assert.equal(clock.now(), clocks.wall);
  const before = clocks.wall;
  clocks.jump(-before);
  clocks.pass(HOUR);
  assert.equal(clock.now(), before + HOUR);
  clocks.pass(HOUR);
  assert.equal(clock.now(), before + 2 * HOUR);
});

test("clocks with nonsensical values do not stop time", () => {
  const { clocks, clock } = open();
  const start = clock.now();
  clocks.pass(SECOND);
  for (const nonsense of [NaN, Infinity, undefined, -1]) {
    const { wall } = clocks;
    clocks.wall = nonsense;
    assert.equal(clock.now(), start + SECOND);
    clocks.wall = wall;
  }
  clocks.monotonic = 0;
  assert.equal(clock.now(), clocks.wall);
});
