// Random keys, requests, times and clocks: the built package against node:crypto and against plain BigInt.
import assert from "node:assert/strict";
import { test } from "node:test";
import { InvalidNonceError, NonceSource, Signer, Totp } from "kraken-signer";
import { base32, base64, Random } from "./random.mjs";
import * as reference from "./reference.mjs";
import { CASES, SEED } from "./settings.mjs";

// Where the padding of SHA-256 (64 bytes) or SHA-512 (128 bytes) takes one more block, or a block is full.
const EDGES = [55, 56, 63, 64, 111, 112, 119, 120, 127, 128, 183, 184, 191, 192, 239, 240, 247, 248, 255, 256, 384];
const VISIBLE = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
const WIDE = ["a", "=", "&", "\0", "é", "߿", "ࠀ", "€", "\uFEFF", "\uFFFD", "\u{10000}", "\u{1f40b}", "\u{10ffff}"];

const cases = CASES.toLocaleString("en");

/** A length: any, or one beside an edge of what it becomes part of. */
function size(random, before = 0) {
  if (random.once(2)) return random.below(401);
  return Math.max(0, random.pick(EDGES) + random.between(-2, 2) - before);
}

/** Text of exactly so many bytes in UTF-8. */
function wide(random, length) {
  let text = "";
  for (let rest = length; rest > 0;) {
    const character = random.pick(WIDE);
    const width = Buffer.byteLength(character);
    if (width > rest) continue;
    text += character;
    rest -= width;
  }
  return text;
}

function body(random, length) {
  switch (random.below(4)) {
    case 0:
      return random.text(length, VISIBLE);
    case 1:
      return wide(random, length);
    case 2:
      return random.bytes(length);
    default:
      return random
        .bytes(length + 20)
        .subarray(random.below(20))
        .subarray(0, length);
  }
}

function nonce(random) {
  const value = random.u64() >> BigInt(random.below(64));
  switch (random.below(3)) {
    case 0:
      return value;
    case 1:
      return String(value);
    default:
      return Number(value >> 11n);
  }
}

test(`${cases} signatures match node:crypto (seed ${SEED})`, () => {
  const random = new Random(SEED, "signatures");
  let key;
  let signer;
  for (let number = 0; number < CASES; number += 1) {
    if (number % 8 === 0) {
      signer?.free();
      key = random.bytes(random.once(3) ? random.between(1, 200) : 64);
      signer = new Signer(random.once(2) ? base64(key) : key);
    }
    const digits = nonce(random);
    const used = String(digits).length;
    // Edges of the path alone, of path ‖ SHA-256, of the body alone, of nonce ‖ body, and of all three.
    const path =
      random.pick(["/", "/0/private/", "/derivatives", "/derivatives/api/v3/"]) +
      random.text(random.once(3) ? size(random, random.pick([0, 32])) : random.below(40), VISIBLE);
    const content = body(random, size(random, random.pick([0, used, used + path.length])));
    let actual;
    let expected;
    switch (random.below(6)) {
      case 0:
      case 1:
        actual = signer.signSpot(path, digits, content);
        expected = reference.spot(key, path, digits, content);
        break;
      case 2:
        actual = signer.signFutures(path, content, digits);
        expected = reference.futures(key, path, content, digits);
        break;
      case 3:
        actual = signer.signFutures(path, content);
        expected = reference.futures(key, path, content);
        break;
      case 4: {
        const challenge = typeof content === "string" && content ? content : random.text(random.between(1, 200), VISIBLE);
        actual = signer.signChallenge(challenge);
        expected = reference.futures(key, "", challenge);
        break;
      }
      default: {
        const message = `${typeof content === "string" ? content : "35=A"}\u0001`;
        actual = signer.signFixLogon(message, digits);
        expected = reference.futures(key, "", message, digits);
      }
    }
    if (actual !== expected) {
      assert.equal(
        actual,
        expected,
        `case ${number}: ${JSON.stringify({ key: Buffer.from(key).toString("hex"), path, nonce: String(digits), body: content })}`,
      );
    }
  }
});

test(`${cases} codes match node:crypto (seed ${SEED})`, () => {
  const random = new Random(SEED, "codes");
  for (let number = 0; number < CASES;) {
    const key = random.bytes(random.once(3) ? random.between(1, 128) : 20);
    const algorithm = random.pick(["SHA1", "SHA256", "SHA512"]);
    const digits = random.between(6, 8);
    const period = random.once(2) ? 30 : random.between(1, 86_400);
    const text = base32(key);
    const totp = random.once(2)
      ? new Totp(text.toLowerCase(), { algorithm, digits, period })
      : new Totp(`otpauth://totp/a:b?digits=${digits}&secret=${text}&period=${period}&algorithm=${algorithm}`);
    for (const end = Math.min(number + 10, CASES); number < end; number += 1) {
      const edge = random.below(2 ** 33) * period * 1000 + random.between(-1, 1);
      // Times are milliseconds; they may have a fraction, and end with JavaScript's dates.
      const at = Math.min(8.64e15, Math.max(0, random.once(3) ? edge : random.u32() * random.pick([0.001, 1, 400, 1e6])));
      const step = Math.floor(Math.floor(at) / 1000 / period);
      const right = reference.hotp(key, algorithm, step, digits);
      const what = () => `case ${number}: ${JSON.stringify({ key: text, algorithm, digits, period, at })}`;
      if (totp.code(at) !== right) assert.equal(totp.code(at), right, what());
      const remaining = (step + 1) * period * 1000 - Math.floor(at);
      const answered = totp.remaining(at);
      // Rounded up, so that it is never 0, and the code has changed when it has passed.
      if (answered !== remaining) assert.equal(answered, remaining, what());
      const window = random.below(4);
      const away = random.between(-5, 5);
      const code = reference.hotp(key, algorithm, Math.max(0, step + away), digits);
      const near = Array.from({ length: 2 * window + 1 }, (_, index) => step - window + index)
        .filter((counter) => counter >= 0)
        .some((counter) => reference.hotp(key, algorithm, counter, digits) === code);
      if (totp.verify(code, { at, window }) !== near)
        assert.equal(totp.verify(code, { at, window }), near, `verify(), ${away} steps away, window ${window}, ${what()}`);
    }
    totp.free();
  }
});

test(`${cases} nonces match a model (seed ${SEED})`, () => {
  const random = new Random(SEED, "nonces");
  const FLOOR = 1_767_225_600_000_000_000n;
  const CEILING = 7_258_118_400_000_000_000n;
  const DAY = 86_400_000_000_000n;
  /** Nanoseconds since 1970. */
  const nanoseconds = (clock) => {
    const positive = Math.max(0, clock);
    const whole = Math.trunc(positive);
    return BigInt(whole) * 1_000_000n + BigInt(Math.trunc((positive - whole) * 1e6));
  };
  for (let number = 0; number < CASES;) {
    const [unit, factor] = random.pick([
      ["ms", 1_000_000n],
      ["us", 1_000n],
      ["ns", 1n],
    ]);
    let clock = random.once(10) ? 0 : 1.7e12 + random.u32() * 20;
    const start = nanoseconds(clock);
    const starts = [
      0n,
      2n ** 64n - 1n,
      2n ** 64n - 3n,
      random.u64(),
      (start + DAY) / factor + BigInt(random.between(-2, 2)),
      start / factor + (random.u64() % 1000n),
    ];
    const after = random.once(2) ? undefined : random.pick(starts);
    const allowAhead = random.pick([undefined, false, true]);
    const source = new NonceSource({ unit, after: random.once(2) ? after : after?.toString(), allowAhead, now: () => clock });
    assert.equal(source.last, after === undefined ? undefined : String(after));
    let last = after ?? 0n;
    let checked = after === undefined || allowAhead === true;
    for (const end = Math.min(number + 50, CASES); number < end; number += 1) {
      const now = nanoseconds(clock);
      const from = now < FLOOR ? FLOOR : now;
      let expected = InvalidNonceError;
      if (now < CEILING && last < 2n ** 64n - 1n && (checked || now < FLOOR || last <= (now + DAY) / factor)) {
        expected = from / factor > last ? from / factor : last + 1n;
      }
      const what = () => `case ${number}: ${JSON.stringify({ unit, after: String(after), allowAhead, last: String(last), clock })}`;
      if (expected === InvalidNonceError) {
        assert.throws(() => source.next(), InvalidNonceError, what());
      } else {
        const actual = source.next();
        if (actual !== String(expected)) assert.equal(actual, String(expected), what());
        assert.ok(expected > last || after === undefined);
        last = expected;
        checked = true;
        assert.equal(source.last, actual);
      }
      // A walk that stands, goes on by less than the unit, jumps, goes back, falls to zero and comes back.
      switch (random.below(10)) {
        case 0:
          clock = random.pick([0, -1, 7.2581184e12, 7.2581184e12 - 0.25, 1.795e15, 1767225600000, 1767225599999.999]);
          break;
        case 1:
          clock = 1.7e12 + random.u32() * 20;
          break;
        case 2:
          clock -= random.below(100_000);
          break;
        case 3:
        case 4:
          clock += random.below(100_000) / 64;
          break;
        case 5:
        case 6:
          clock += random.below(1_000) / 4096;
          break;
        default:
      }
    }
  }
});
