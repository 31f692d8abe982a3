// `explainNonce` names the unit of a nonce, whatever a program has made of the time, and says when a clock passes it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NonceSource } from "kraken-signer";
import { NONCE_UNITS, explainNonce } from "kraken-signer/inspect";

// 2026-11-24 12:00:00 UTC
const NOW = 1_795_521_600_000;
const DAY = 86_400_000;
const COMMON = ["us1024", "ns", "ticks", "10ns", "us", "ms", "s"];

const explained = (nonce, now = NOW) => explainNonce(nonce, { now });
const first = (nonce, now) => explained(nonce, now).likely[0];

test("each unit is recognized from a nonce of now, of a month ago and of five years ago", () => {
  for (const { name, at } of NONCE_UNITS)
    for (const ago of [0, 30, 5 * 365]) {
      const time = NOW - ago * DAY;
      const { likely, problem } = explained(at(time));
      assert.equal(problem, undefined);
      assert.ok(likely.some(({ unit }) => unit === name), `${name}, ${ago} days ago`); // prettier-ignore
      // Nanoseconds of 2022 and microseconds × 1024 of 2021 are the same numbers, and the more recent one is named first.
      if (ago < 100) assert.equal(likely[0].unit, name, `${ago} days ago`);
    }
});

test("the nonces of this package are named by their units", () => {
  for (const unit of ["ms", "us", "ns"]) {
    const nonce = new NonceSource({ unit, now: () => NOW }).next();
    assert.deepEqual([first(nonce).unit, first(nonce).time], [unit, NOW]);
    assert.equal(first(nonce).clock, nonce);
  }
});

test("times that other languages print without their point are recognized", () => {
  // microtime(true) of PHP has four digits behind the point, and Ticks of a TimeSpan since 1970 in .NET count 100 ns.
  assert.deepEqual([first("17955216000000").unit, first("17955216000000").time], ["100us", NOW]);
  assert.deepEqual([first("17955216000000000").unit, first("17955216000000000").time], ["100ns", NOW]);
});

test("notations that Kraken does not take are named, with the reason", () => {
  const seconds = NOW / 1000;
  for (const [text, unit, problem] of [
    [`${NOW}.0`, "ms", /fraction/],
    [`${NOW}.1230469`, "ms", /fraction/],
    [`${seconds}.123456`, "s", /fraction/],
    ["1.7955216e12", "ms", /exponent/],
    ["1.7955216E+12", "ms", /exponent/],
    [`${NOW / DAY + 25569}`, "excel-0", /fraction/],
    [NOW.toString(16), "hex-ms", /decimal digits/],
    [`0x${NOW.toString(16)}`, "hex-ms", /decimal digits/],
    [`0X${seconds.toString(16).toUpperCase()}`, "hex-s", /decimal digits/],
    ["20261124120000000000", "date-20", /too high/],
    ["20261124120000000", "date-17", undefined],
    ["20261124120000", "date-14", undefined],
    ["261124120000", "date-12", undefined],
    ["261124120000000", "date-15", undefined],
    [`"${NOW}"`, "ms", undefined],
    ["1,795,521,600,000", "ms", undefined],
    ["1.795.521.600.000", "ms", undefined],
    ["1'795'521'600'000", "ms", undefined],
    ["1\u202f795\u202f521\u202f600\u202f000", "ms", undefined],
    ["1.795.521.600.000,5", "ms", /fraction/],
    ["1,795,521,600,000.5", "ms", /fraction/],
    [`${seconds},123`, "s", /fraction/],
    [`${NOW / DAY + 25569}`.replace(".", ","), "excel-0", /fraction/],
    ["1,7955216E+12", "ms", /exponent/],
    [`${NOW}n`, "ms", undefined],
    [`nonce=${NOW}`, "ms", undefined],
    [`"nonce": "${NOW}"`, "ms", undefined],
  ]) {
    const { likely, problem: named } = explained(text);
    assert.equal(likely[0]?.unit, unit, text);
    assert.ok(Math.abs(likely[0].time - NOW) < 1000, `${text}: ${likely[0].date}`);
    // No client of Kraken that counts so writes hexadecimal digits or dates.
    if (/^(hex|date)-/.test(unit)) assert.match(likely[0].usedBy, /^programs that write/);
    if (problem) assert.match(named, problem, text);
    else assert.equal(named, undefined, text);
  }
});

test("a clock of a unit passes a nonce at the time that the nonce stands for", () => {
  const { readings } = explained(NOW * 1000 + 3 * DAY * 1000);
  const wait = Object.fromEntries(readings.map(({ unit, wait, passes }) => [unit, [wait, passes]]));
  assert.deepEqual(wait.us, [3 * DAY, "in 3 days"]);
  assert.deepEqual(wait.ns, [0, "passed"]);
  assert.deepEqual(wait.ms[1], "never in this century");
  assert.deepEqual(wait.s, [Infinity, "never in this century"]);
  for (const [ahead, text] of [
    [45_000, "in 45 seconds"],
    [5 * 60_000, "in 5 minutes"],
    [5 * 3_600_000, "in 5 hours"],
    [3000 * DAY, "in 8 years"],
  ])
    assert.equal(first(NOW + ahead).passes, text);
  // It is the same time as that of a nonce which the unit makes then.
  for (const { name, at, timeOf } of NONCE_UNITS.filter(({ isCommon }) => isCommon))
    assert.ok(Math.abs(Number(timeOf(at(NOW))) - NOW) < 1000, name);
});

test("a nonce of local time is not blamed on a clock alone", () => {
  const nineHours = 9 * 3_600_000;
  const tokyo = (unit) => explained(NONCE_UNITS.find(({ name }) => name === unit).at(NOW + nineHours)).advice.join(" ");
  for (const unit of ["excel-6", "ticks"])
    assert.match(tokyo(unit), /reaches it in 9 hours: it is the local time of a time zone ahead of UTC, or/, unit);
  assert.match(explained("20261124210000").advice.join(" "), /it is the local time/);
  for (const unit of ["ms", "us"]) assert.doesNotMatch(tokyo(unit), /local time/, unit);
  assert.doesNotMatch(explained("20261125210000").advice.join(" "), /local time/);
});

test("the common units are listed from the highest number to the lowest, for every nonce", () => {
  const common = NONCE_UNITS.filter(({ isCommon }) => isCommon);
  assert.deepEqual(
    common.map(({ name }) => name),
    COMMON,
  );
  const numbers = common.map(({ at }) => at(NOW));
  assert.deepEqual(
    numbers,
    [...numbers].sort((a, b) => (a < b ? 1 : -1)),
  );
  for (const nonce of ["5", "18446744073709551615", `${NOW}`])
    assert.deepEqual(
      explained(nonce)
        .readings.slice(0, 7)
        .map(({ unit }) => unit),
      COMMON,
    );
});

test("the advice about a key's highest nonce names the units that are above it", () => {
  const advice = (nonce) => explained(nonce).advice.join(" ");
  assert.match(advice(NOW - 1000), /nonces in milliseconds are above it/);
  assert.match(
    advice(NOW * 1000),
    /rejects nonces in milliseconds permanently\. Nonces in microseconds and nanoseconds are above it: use one of these units/,
  );
  assert.match(
    advice(BigInt(NOW) * 1_000_000n),
    /permanently, and those in microseconds\. Nonces in nanoseconds are above it: use this unit/,
  );
  assert.match(advice(BigInt(NOW) * 1_024_000n), /No unit of this package is above it: use a new key/);
  assert.match(
    advice(NOW + 3 * DAY),
    /a clock reaches it in 3 days: the clock of the machine that made it was ahead.* rejects nonces in milliseconds until 2026-11-27T12:00:00\.000Z\./,
  );
  const years = advice(NOW + 800 * DAY);
  assert.match(years, /a clock reaches it in 2 years: .* rejects nonces in milliseconds until 2029-02-01T12:00:00\.000Z\./);
  assert.doesNotMatch(years, /permanently/);
  assert.doesNotMatch(advice(`${NOW}.5`), /highest nonce/);
});

test("a number that stands for no date is not given one", () => {
  // System.nanoTime(), process.hrtime() and performance.now() after days, and a counter.
  for (const count of ["987654321012345", "86400123456789", "12345678.901", "42"]) {
    const { likely, advice } = explained(count);
    assert.deepEqual(likely, [], count);
    assert.match(advice.join(" "), /counter.*nanoTime.*hrtime.*stands for no date/, count);
  }
  assert.deepEqual(explained("18446744073709551615").likely, []);
});

test("a text that no program would send is refused, and the message shows it", () => {
  for (const [text, shown] of [
    ["", '""'],
    ["soon", '"soon"'],
    ["-5", '"-5"'],
    ["1.2.3", '"1.2.3"'],
    ["1,795.521,600", '"1,795.521,600"'],
    ["9".repeat(400), '"9999'],
    [undefined, "undefined"],
    [{}, "an object"],
    [NaN, '"NaN"'],
  ])
    assert.throws(
      () => explainNonce(text),
      ({ code, message }) => code === "ERR_INVALID_NONCE" && message.includes(`got ${shown}`),
      `${text}`,
    );
});
