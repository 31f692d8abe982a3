// Which nonces may be sent: those that are at most a day ahead of the clock, in their own unit.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadInternals, mockClocks } from "./helper.mjs";

const { checkNonce } = await loadInternals();

const NOW = Date.UTC(2026, 10, 28);
const DAY = 86_400_000n;
const FACTORS = { ms: 1n, us: 1000n, ns: 1_000_000n };
const invalid = { name: "InvalidNonceError", code: "ERR_INVALID_NONCE" };

const at = (unit, ahead = 0n) => `${(BigInt(NOW) + ahead) * FACTORS[unit]}`;
const check = (nonce, rules) => checkNonce(nonce, { now: NOW, ...rules });

for (const unit of ["ms", "us", "ns"]) {
  test(`nonces in ${unit} may be up to a day ahead of the clock, and not more`, () => {
    for (const rules of [{ unit }, {}]) {
      for (const nonce of ["0", "1", "42", at(unit, -365n * DAY), at(unit), at(unit, DAY)]) check(nonce, rules);
      for (const nonce of [`${BigInt(at(unit, DAY)) + 1n}`, at(unit, 365n * DAY), at(unit, 3653n * DAY)])
        assert.throws(() => check(nonce, rules), { ...invalid, message: /ahead of the clock.*Nothing was sent/s }, nonce);
      check(at(unit, 3653n * DAY), { ...rules, allowAhead: true });
    }
  });
}

test("a nonce in a finer unit than the lane's is refused, and the message says how far ahead it is", () => {
  assert.throws(() => check(at("us"), { unit: "ms" }), { ...invalid, message: /\(ms\) is \d+ years ahead/ });
  assert.throws(() => check(at("ns"), { unit: "us" }), { ...invalid, message: /\(us\) is \d+ years ahead/ });
  assert.throws(() => check(at("ms", 3n * DAY), { unit: "ms" }), { ...invalid, message: /is 3 days ahead/ });
});

test("without a known unit, a nonce that is not a time in any unit is refused, unless the lane says that it counts something else", () => {
  // Ten times, a hundred times too high; units of 10 ns and .NET's ticks, which some clients use.
  const odd = [at("ms") + "0", at("ms") + "00", at("us") + "0", at("us") + "00", "639000000000000000", "18446744073709551615"];
  for (const nonce of odd) {
    assert.throws(() => check(nonce), { ...invalid, message: /ms, us or ns.*allowAhead/s }, nonce);
    check(nonce, { allowAhead: true });
  }
  // A unit that nobody knows is as good as none.
  check(at("us"), { unit: "s" });
});

test("a value that is not a nonce is always refused", () => {
  for (const nonce of [
    undefined,
    null,
    5,
    5n,
    {},
    ["5"],
    "",
    " 5",
    "5 ",
    "-1",
    "+1",
    "01",
    "00",
    "1e9",
    "0x1",
    "5.0",
    "١",
    "18446744073709551616",
  ])
    for (const rules of [{}, { unit: "ms" }, { allowAhead: true }]) assert.throws(() => check(nonce, rules), invalid, String(nonce));
});

test("with a clock that was never set, only nonces after the year 2200 are refused", () => {
  for (const now of [0, Date.UTC(2025, 0)]) {
    check(at("ms", 3653n * DAY), { now, unit: "ms" });
    assert.throws(() => check(`${Date.UTC(2201, 0)}`, { now, unit: "ms" }), invalid);
    assert.throws(() => check(at("us"), { now, unit: "ms" }), invalid);
  }
});

test("the limit uses the wall clock as far as the monotonic clock agrees", async (t) => {
  const clocks = mockClocks(t);
  const fresh = await loadInternals();
  const ahead = (days) => `${clocks.wall + days * Number(DAY)}`;
  fresh.checkNonce(ahead(1), { unit: "ms" });
  const YEAR = 365 * Number(DAY);
  clocks.jump(YEAR);
  assert.throws(() => fresh.checkNonce(`${clocks.wall}`, { unit: "ms" }), invalid);
  assert.throws(() => fresh.checkNonce(`${clocks.wall}`), invalid);
  clocks.jump(-2 * YEAR);
  fresh.checkNonce(`${clocks.wall + YEAR}`, { unit: "ms" });
});
