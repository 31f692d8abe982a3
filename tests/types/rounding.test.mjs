// Rounding to what a pair takes, against big integers that are compared and not computed with.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { leastVolume, roundPrice, roundVolume } from "kraken-signer";

const PAIR = { pair_decimals: 1, lot_decimals: 8, tick_size: "0.1", ordermin: "0.00005", costmin: "0.5" };

/** A generator with a seed, so that a failure can be repeated. */
function random(seed) {
  let state = BigInt(seed);
  return (below) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
    return Number((state >> 33n) % BigInt(below));
  };
}

/** Decimal text in units of 10^-40. */
function units(text) {
  const [whole, fraction = ""] = text.split(".");
  return BigInt(whole + fraction.padEnd(40, "0"));
}

const digits = (next, least, most) => Array.from({ length: least + next(most - least + 1) }, () => next(10)).join("");

/** Decimal text with up to 12 digits before the point and 18 behind it, without leading zeros. */
function decimal(next) {
  const whole = digits(next, 1, 12).replace(/^0+(?=\d)/, "");
  return next(4) ? `${whole}.${digits(next, 1, 18)}` : whole;
}

describe("prices", () => {
  const steps = ["0.1", "0.5", "1", "0.00000001", "0.25", "5", "0.0005"];

  test("10,000 random prices are rounded to the next multiple of the tick size in the given direction", () => {
    const next = random(1);
    for (let round = 0; round < 10_000; round++) {
      const tick_size = steps[next(steps.length)];
      const price = decimal(next);
      const [step, exact] = [units(tick_size), units(price)];
      if (exact < step) continue;
      const rounded = ["down", "up", "nearest"].map((direction) => units(roundPrice({ ...PAIR, tick_size }, price, direction)));
      const [down, up, nearest] = rounded;
      for (const one of rounded) assert.equal(one % step, 0n, `${price} by ${tick_size}`);
      assert.ok(down <= exact && exact - down < step, `down: ${price} by ${tick_size}`);
      assert.ok(up >= exact && up - exact < step, `up: ${price} by ${tick_size}`);
      assert.equal(nearest, 2n * (exact - down) >= step ? down + step : down, `nearest: ${price} by ${tick_size}`);
    }
  });

  test("a price that is a multiple stays unchanged in every direction", () => {
    for (const direction of ["down", "up", "nearest"]) assert.equal(roundPrice(PAIR, "30000.1", direction), "30000.1");
  });

  test("without a tick size, the last decimal is the step", () => {
    assert.equal(roundPrice({ pair_decimals: 2, lot_decimals: 8 }, "1.005"), "1.01");
    assert.equal(roundPrice({ pair_decimals: 0, lot_decimals: 8 }, "1.5", "down"), "1");
  });

  test("rounding is exact where doubles are not", () => {
    assert.equal(roundPrice({ ...PAIR, tick_size: "0.01" }, "1.15", "up"), "1.15");
    assert.equal(roundPrice(PAIR, "9007199254740993.04"), "9007199254740993.0");
    assert.equal(roundPrice({ ...PAIR, tick_size: "0.1" }, 0.3), "0.3");
  });

  test("an unknown direction and a step of zero are refused", () => {
    assert.throws(() => roundPrice(PAIR, "1", "dwon"), { code: "ERR_INVALID_REQUEST", message: /expected down, up, nearest/ });
    assert.throws(() => roundPrice({ ...PAIR, tick_size: "0" }, "1"), { code: "ERR_INVALID_REQUEST", message: /tick_size/ });
  });

  test("a price that rounds to zero is refused", () => {
    assert.throws(() => roundPrice(PAIR, "0.04"), { code: "ERR_INVALID_REQUEST", message: /less than the pair's least price step, 0\.1/ });
  });
});

describe("volumes", () => {
  test("10,000 random volumes are rounded down to the decimals of a lot, never up", () => {
    const next = random(2);
    for (let round = 0; round < 10_000; round++) {
      const lot_decimals = next(9);
      const volume = decimal(next);
      const step = units(`1.0`) / 10n ** BigInt(lot_decimals);
      const exact = units(volume);
      if (exact < step) continue;
      const rounded = units(roundVolume({ pair_decimals: 1, lot_decimals }, volume));
      assert.ok(rounded % step === 0n && rounded <= exact && exact - rounded < step, `${volume} with ${lot_decimals} decimals`);
    }
  });

  test("the least volume satisfies both minima, and one lot less does not", () => {
    const next = random(3);
    for (let round = 0; round < 5000; round++) {
      const lot_decimals = next(9);
      const pair = { pair_decimals: 1, lot_decimals, ordermin: decimal(next), costmin: decimal(next) };
      const price = `${1 + next(100_000)}.${digits(next, 1, 8)}`;
      const least = units(leastVolume(pair, price));
      const lot = units("1.0") / 10n ** BigInt(lot_decimals);
      const isEnough = (volume) => volume >= units(pair.ordermin) && volume * units(price) >= units(pair.costmin) * 10n ** 40n;
      assert.ok(isEnough(least), `${least} at ${price} of ${JSON.stringify(pair)}`);
      assert.ok(least === 0n || !isEnough(least - lot), `${least} less a lot at ${price} of ${JSON.stringify(pair)}`);
      assert.equal(least % lot, 0n);
    }
  });

  test("a volume that is too small is refused, with the least volume", () => {
    assert.throws(() => roundVolume(PAIR, "0.00004999"), { code: "ERR_INVALID_REQUEST", message: /at least 0\.00005\.$/ });
    assert.throws(() => roundVolume(PAIR, "0.00005", "30.0"), { message: /at 30\.0: at least 0\.01666667\.$/ });
    assert.equal(roundVolume(PAIR, "0.016666670001", "30"), "0.01666667");
  });

  for (const [what, value] of [
    ["a number that is not exact", 0.1 + 0.2],
    ["a number with an exponent", 1e-7],
    ["NaN", NaN],
    ["a negative one", "-1"],
    ["no number", "one"],
    ["an exponent", "1e3"],
    ["nothing", ""],
    ["a relative price", "+5%"],
    ["a price relative to the last one", "+5"],
  ])
    test(`${what} is refused`, () => {
      assert.throws(() => roundVolume(PAIR, value), { code: "ERR_INVALID_REQUEST" });
      assert.throws(() => roundPrice(PAIR, value), { code: "ERR_INVALID_REQUEST" });
    });
});

describe("a pair whose data are broken is refused by the name of the field", () => {
  const calls = {
    roundPrice: (pair) => roundPrice(pair, "1"),
    roundVolume: (pair) => roundVolume(pair, "1"),
    "roundVolume at a price": (pair) => roundVolume(pair, "1", "1"),
    leastVolume: (pair) => leastVolume(pair, "1"),
  };
  const decimals = [-2, 1e9, 31, 1.5, NaN, Infinity, "1", null, undefined, {}];
  const fields = { pair_decimals: ["roundPrice"], lot_decimals: ["roundVolume", "roundVolume at a price", "leastVolume"] };
  for (const [field, names] of Object.entries(fields))
    for (const name of names)
      test(`${name}: ${field}`, () => {
        for (const value of decimals) {
          const began = process.cpuUsage();
          const pair = { ...PAIR, tick_size: undefined, [field]: value };
          const message = new RegExp(`^Invalid \`${field}\` of the pair: expected an integer from 0 to 30, got `);
          assert.throws(() => calls[name](pair), { code: "ERR_INVALID_REQUEST", message }, `${value}`);
          assert.ok(process.cpuUsage(began).user < 1_000_000, `${value}: not at once`);
        }
      });
  for (const [field, name] of [
    ["tick_size", "roundPrice"],
    ["ordermin", "roundVolume"],
    ["ordermin", "leastVolume"],
    ["costmin", "leastVolume"],
  ])
    test(`${name}: ${field}`, () => {
      for (const value of ["a", "-1", "1e-7", "9".repeat(1000), {}, ["1"], true, NaN, Symbol("1")])
        assert.throws(() => calls[name]({ ...PAIR, [field]: value }), {
          code: "ERR_INVALID_REQUEST",
          message: new RegExp(`^Invalid \`${field}\` of the pair: expected`),
        });
    });
  for (const [name, call] of Object.entries(calls))
    test(`${name}: no pair, as of a name that AssetPairs does not have`, () => {
      for (const pair of [undefined, null, "XXBTZUSD", 1])
        assert.throws(() => call(pair), {
          code: "ERR_INVALID_REQUEST",
          message: /^Invalid pair: expected an entry of the result of AssetPairs/,
        });
    });
  test("a price and a volume of another type are refused, too", () => {
    for (const value of [["1"], { toString: () => "1" }, true, Symbol("1"), undefined])
      for (const call of [() => roundPrice(PAIR, value), () => roundVolume(PAIR, value), () => leastVolume(PAIR, value)])
        assert.throws(call, { code: "ERR_INVALID_REQUEST", message: /^Invalid (price|volume): expected a decimal number, / });
  });
  test("the most decimals of a pair work", () => {
    assert.equal(roundVolume({ pair_decimals: 1, lot_decimals: 30 }, "1"), `1.${"0".repeat(30)}`);
  });
});
