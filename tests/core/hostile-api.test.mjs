// What TypeScript would not let anybody pass: each gives the right answer or a KrakenError, and nothing else.
import assert from "node:assert/strict";
import { constants } from "node:buffer";
import { test } from "node:test";
import vm from "node:vm";
import { InvalidNonceError, InvalidOtpKeyError, KrakenError, NonceSource, Signer, Totp } from "kraken-signer";
import { core } from "../../pkg/dist/esm/wasm/instance.js";
import * as reference from "./reference.mjs";

const KEY = Buffer.alloc(64, 7);
const PATH = "/0/private/Balance";
const SETUP_KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const OTP_KEY = Buffer.from("12345678901234567890");
const REFUSED = Symbol("refused");

const instance = core();
const signer = new Signer(KEY);
const totp = new Totp(SETUP_KEY);

// What went wrong in a test is told at its end, so that one mistake does not hide the others.
const mistakes = [];
const hostile = (name, run) =>
  test(name, () => {
    mistakes.length = 0;
    run();
    assert.deepEqual(mistakes, []);
  });

/** Runs `work`, which must answer `right`, or throw a KrakenError that explains itself. */
function sane(what, work, right = REFUSED, ErrorClass = KrakenError) {
  let answer;
  try {
    answer = work();
  } catch (error) {
    if (!(error instanceof ErrorClass) || error.code === "ERR_CRASHED" || /Internal error/.test(error.message)) {
      mistakes.push(`${what}: threw ${error?.code ?? ""} ${String(error).slice(0, 200)}`);
    }
    return;
  }
  if (!Object.is(answer, right)) mistakes.push(`${what}: answered ${String(answer)}, not ${String(right)}`);
}

const size = instance.exports.memory.buffer.byteLength;

function unharmed() {
  assert.equal(core(), instance, "no crash");
  assert.equal(instance.exports.memory.buffer.byteLength, size, "memory");
  assert.equal(signer.signSpot(PATH, 1, "a=b"), reference.spot(KEY, PATH, 1, "a=b"));
  assert.equal(totp.code(59_000), "287082");
}

const throwing = () => {
  throw new RangeError("the caller's own");
};

/** What is no text, bytes or number at all. */
const NOTHING = {
  null: null,
  true: true,
  Symbol: Symbol("x"),
  "an array": [1, 2],
  "an object": {},
  "an object with toString": { toString: () => "1", valueOf: () => 1 },
  "an object that throws": { toString: throwing, valueOf: throwing, [Symbol.toPrimitive]: throwing },
  "an object without prototype": Object.create(null),
  "a function": () => "1",
  "a String": new String("1"),
  "a Number": new Number(1),
  "a Date": new Date(0),
  "a Proxy": new Proxy({}, { get: throwing, has: throwing, getPrototypeOf: () => Uint8Array.prototype }),
  "a revoked Proxy": (() => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  })(),
};

class Liar extends Uint8Array {
  get length() {
    return 1;
  }
  get byteLength() {
    return 2;
  }
}
class Shifted extends Uint8Array {
  get byteOffset() {
    return 1;
  }
}
class Elsewhere extends Uint8Array {
  get buffer() {
    return new ArrayBuffer(64);
  }
}
class NoBuffer extends Uint8Array {
  get buffer() {
    return 5;
  }
}
class Throws extends Uint8Array {
  get buffer() {
    return throwing();
  }
  get length() {
    return throwing();
  }
  get byteLength() {
    return throwing();
  }
}
class Species extends Uint8Array {
  static get [Symbol.species]() {
    return Liar;
  }
  subarray() {
    return new Uint8Array(3);
  }
  slice() {
    return new Uint8Array(3);
  }
  set() {
    throwing();
  }
  *[Symbol.iterator]() {
    yield 0;
  }
}

const CONTENT = Buffer.from("nonce=1&a=b");

/** Bytes in every odd shape: what they are, and what they hold if they may be signed. */
function shapes() {
  const filled = (buffer, offset = 0) => {
    new Uint8Array(buffer).set(CONTENT, offset);
    return buffer;
  };
  const detached = new Uint8Array(8);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  const shrunk = new ArrayBuffer(32, { maxByteLength: 64 });
  const outside = new Uint8Array(shrunk, 16, 8);
  shrunk.resize(8);
  const grown = filled(new ArrayBuffer(CONTENT.length, { maxByteLength: 64 }));
  const tracking = new Uint8Array(grown);
  grown.resize(CONTENT.length + 2);
  const shared = filled(new SharedArrayBuffer(CONTENT.length, { maxByteLength: 64 }));
  const trackingShared = new Uint8Array(shared);
  shared.grow(CONTENT.length + 2);
  return {
    "a Buffer": [Buffer.from(CONTENT), CONTENT],
    "an empty view": [new Uint8Array(0), Buffer.alloc(0)],
    "a view with an offset": [new Uint8Array(filled(new ArrayBuffer(64), 9), 9, CONTENT.length), CONTENT],
    "a shared buffer": [new Uint8Array(filled(new SharedArrayBuffer(CONTENT.length))), CONTENT],
    "a resizable buffer": [tracking, Buffer.concat([CONTENT, Buffer.alloc(2)])],
    "a growable shared buffer": [trackingShared, Buffer.concat([CONTENT, Buffer.alloc(2)])],
    "a detached buffer": [detached, REFUSED],
    "a view outside of its buffer": [outside, REFUSED],
    "bytes of another realm": [vm.runInNewContext(`Uint8Array.from([${[...CONTENT]}])`), CONTENT],
    ...Object.fromEntries(
      [Liar, Shifted, Elsewhere, NoBuffer, Throws, Species].map((Class) => [
        `a subclass, ${Class.name}`,
        [Reflect.construct(Class, [CONTENT]), CONTENT],
      ]),
    ),
    "a Proxy of bytes": [new Proxy(new Uint8Array(CONTENT), {}), REFUSED],
    "what pretends to be bytes": [Object.create(Uint8Array.prototype), REFUSED],
    "clamped bytes": [new Uint8ClampedArray(8), REFUSED],
    "16-bit numbers": [new Uint16Array(4), REFUSED],
    "a DataView": [new DataView(new ArrayBuffer(8)), REFUSED],
    "an ArrayBuffer": [new ArrayBuffer(8), REFUSED],
  };
}

const refusedAll = (values) => Object.fromEntries(Object.entries(values).map(([what, value]) => [what, [value, REFUSED]]));

const TEXTS = Object.fromEntries(
  ["", "a", "a=b&c=\u00e9\u20ac\u{1f40b}", "\0", "\uFEFFa", "\uFFFD", "\r\n", "'\"<>"].map((text) => [
    `text ${JSON.stringify(text)}`,
    [text, Buffer.from(text)],
  ]),
);
const LONE = refusedAll({
  high: "\ud800",
  low: "\udc00",
  swapped: "\udc00\ud800",
  "at the end": "abc\udbff",
  "before a pair": "\ud83d\u{1f40b}",
  "far in": `${"a".repeat(40_000)}\ud800`,
});

hostile("bodies of every kind", () => {
  for (const [what, [body, held]] of Object.entries({
    ...refusedAll(NOTHING),
    "a number": [1, REFUSED],
    "a bigint": [1n, REFUSED],
    ...TEXTS,
    ...LONE,
    ...shapes(),
  })) {
    const right = (answer) => (held === REFUSED ? REFUSED : answer(held));
    sane(
      `signSpot(), ${what}`,
      () => signer.signSpot(PATH, 1, body),
      right((bytes) => reference.spot(KEY, PATH, 1, bytes)),
    );
    sane(
      `signFutures(), ${what}`,
      () => signer.signFutures(PATH, body, 1),
      right((bytes) => reference.futures(KEY, PATH, bytes, 1)),
    );
    unharmed();
  }
});

hostile("private keys of every kind", () => {
  for (const [what, [secret, held]] of Object.entries({
    ...refusedAll(NOTHING),
    "a number": [1, REFUSED],
    "a bigint": [1n, REFUSED],
    ...refusedAll({ "no text": "" }),
    ...LONE,
    ...shapes(),
  })) {
    const usable = held !== REFUSED && held.length > 0;
    sane(`new Signer(), ${what}`, () => new Signer(secret).signSpot(PATH, 1), usable ? reference.spot(held, PATH, 1) : REFUSED);
    unharmed();
  }
});

hostile("nonces and paths of every kind", () => {
  const nonces = {
    ...refusedAll(NOTHING),
    ...refusedAll({
      undefined,
      "": "",
      NaN,
      Infinity,
      "-Infinity": -Infinity,
      "-1": -1,
      1.5: 1.5,
      "2^53": 2 ** 53,
      "1e300": 1e300,
      "-1n": -1n,
      "2^64": 2n ** 64n,
      "2^200": 2n ** 200n,
      "10^20000": 10n ** 20_000n,
      "-10^20000": -(10n ** 20_000n),
      "text -1": "-1",
      "text 01": "01",
      "text 1e3": "1e3",
      "text 2^64": "18446744073709551616",
      "text 0x1": "0x1",
      "text with a blank": " 1",
      "text with a break": "1\n",
      "long text": "1".repeat(100_000),
      "a lone surrogate": "\ud800",
      "other digits": "\u0661",
      "a NUL": "1\0",
    }),
    ...Object.fromEntries(
      [0, -0, 1, 2 ** 53 - 1, 0n, 2n ** 64n - 1n, "0", "18446744073709551615"].map((nonce) => [
        `nonce ${String(nonce)}`,
        [nonce, String(nonce)],
      ]),
    ),
  };
  const paths = {
    ...refusedAll(NOTHING),
    ...refusedAll({
      undefined,
      "": "",
      "no slash": "a",
      "a blank": "/a b",
      "a break": "/a\n",
      "a last break": "/\n",
      "not ASCII": "/\u00e9",
      "a lone surrogate": "/\ud800",
      "a number": 1,
      bytes: Buffer.from(PATH),
      long: `/${"a".repeat(16_384)}`,
    }),
    "/": ["/", "/"],
    "a query": ["/a?b=c%20d&e=f~!", "/a?b=c%20d&e=f~!"],
    prefix: ["/derivatives/api", "/derivatives/api"],
    "prefix alone": ["/derivatives", "/derivatives"],
    "like a prefix": ["/derivativesque/x", "/derivativesque/x"],
  };
  for (const [whatPath, [path, rightPath]] of Object.entries(paths)) {
    for (const [whatNonce, [nonce, rightNonce]] of Object.entries(nonces)) {
      const usable = rightPath !== REFUSED && rightNonce !== REFUSED;
      const what = `${whatPath}, ${whatNonce}`;
      const ErrorClass = rightPath !== REFUSED && rightNonce === REFUSED ? InvalidNonceError : KrakenError;
      sane(
        `signSpot(), ${what}`,
        () => signer.signSpot(path, nonce, "b"),
        usable ? reference.spot(KEY, path, nonce, "b") : REFUSED,
        ErrorClass,
      );
      if (nonce === undefined) continue;
      sane(
        `signFutures(), ${what}`,
        () => signer.signFutures(path, "b", nonce),
        usable ? reference.futures(KEY, path, "b", nonce) : REFUSED,
        ErrorClass,
      );
    }
    unharmed();
  }
});

hostile("challenges and FIX messages of every kind", () => {
  for (const [what, [value, held]] of Object.entries({
    ...refusedAll(NOTHING),
    undefined: [undefined, REFUSED],
    ...LONE,
    ...TEXTS,
    bytes: [Buffer.from("a\u0001"), REFUSED],
  })) {
    const usable = held !== REFUSED && held.length > 0;
    sane(`signChallenge(), ${what}`, () => signer.signChallenge(value), usable ? reference.futures(KEY, "", held) : REFUSED);
    sane(`signFixLogon(), ${what}`, () => signer.signFixLogon(value, 1));
    if (typeof value === "string") {
      sane(
        `signFixLogon(), ${what}, ended`,
        () => signer.signFixLogon(`${value}\u0001`, 1),
        held === REFUSED ? REFUSED : reference.futures(KEY, "", `${value}\u0001`, 1),
      );
    }
  }
  unharmed();
});

hostile("setup keys and options of every kind", () => {
  for (const [what, [key]] of Object.entries({
    ...refusedAll(NOTHING),
    undefined: [undefined],
    number: [1],
    bytes: [OTP_KEY],
    ...LONE,
    empty: [""],
    long: ["A".repeat(100_000)],
  })) {
    // A function returns the setup key later.
    if (typeof key !== "function") sane(`new Totp(), ${what}`, () => new Totp(key));
  }
  const standard = "287082";
  for (const [what, options] of Object.entries(NOTHING)) {
    // Nothing that they have is an option.
    if (typeof options === "object" && options !== null && /Proxy/.test(what)) continue;
    sane(`options, ${what}`, () => new Totp(SETUP_KEY, options).code(59_000), standard);
  }
  for (const [name, values] of Object.entries({
    algorithm: {
      ...NOTHING,
      lower: "sha1",
      "": "",
      MD5: "MD5",
      1: 1,
      toString: "toString",
      constructor: "constructor",
      __proto: "__proto__",
      valueOf: "valueOf",
      "a list": ["SHA1"],
    },
    digits: { ...NOTHING, 5: 5, 9: 9, 0: 0, "-1": -1, 6.5: 6.5, NaN, Infinity, "2^32+6": 2 ** 32 + 6, 262: 262, text: "6", "6n": 6n },
    period: { ...NOTHING, 0: 0, "-1": -1, 1.5: 1.5, NaN, Infinity, "2^32+30": 2 ** 32 + 30, 86_401: 86_401, text: "30", "30n": 30n },
  })) {
    for (const [what, value] of Object.entries(values)) {
      if (what === "an object that throws" || what.endsWith("Proxy")) continue;
      const right = Array.isArray(value) && String(value) === "SHA1" ? standard : REFUSED;
      sane(`${name}, ${what}`, () => new Totp(SETUP_KEY, { [name]: value }).code(59_000), right, InvalidOtpKeyError);
    }
  }
  unharmed();
});

hostile("times, windows and codes of every kind", () => {
  const times = {
    ...NOTHING,
    NaN,
    Infinity,
    "-Infinity": -Infinity,
    "-1": -1,
    "8.64e15+2": 8.64e15 + 2,
    "1n": 1n,
    text: "0",
    "an invalid Date": new Date(NaN),
    "what pretends to be a Date": Object.create(Date.prototype),
    "a Proxy of a Date": new Proxy(new Date(0), {}),
  };
  for (const [what, at] of Object.entries(times)) {
    const right = what === "a Date" ? "755224" : REFUSED;
    sane(`code(), ${what}`, () => totp.code(at), right);
    sane(`remaining(), ${what}`, () => totp.remaining(at), what === "a Date" ? 30_000 : REFUSED);
    sane(`verify(), ${what}`, () => totp.verify("755224", { at }), what === "a Date" ? true : REFUSED);
  }
  for (const [what, at] of Object.entries({ "-0": -0, "5e-324": 5e-324, 0.9: 0.9, 29999.999: 29_999.999 }))
    sane(`code(), ${what}`, () => totp.code(at), "755224");
  sane("code(8.64e15)", () => totp.code(8.64e15), reference.hotp(OTP_KEY, "sha1", 8.64e12 / 30, 6));
  for (const [what, window] of Object.entries({
    ...NOTHING,
    NaN,
    "-1": -1,
    1.5: 1.5,
    21: 21,
    "2^32": 2 ** 32,
    "2^32+1": 2 ** 32 + 1,
    "1n": 1n,
    text: "1",
  })) {
    sane(`window, ${what}`, () => totp.verify("287082", { at: 59_000, window }));
  }
  for (const [what, code] of Object.entries({
    ...NOTHING,
    undefined,
    number: 287082,
    "287082n": 287082n,
    short: "28708",
    long: "2870822",
    "a blank": " 287082",
    lone: "\ud800",
    wide: "\u{1f40b}".repeat(4),
    full: "\uff12\uff18\uff17\uff10\uff18\uff12",
  })) {
    sane(`verify(), ${what}`, () => totp.verify(code, { at: 59_000 }), false);
  }
  sane("verify() with null for options", () => totp.verify("287082", null), totp.verify("287082"));
  unharmed();
});

hostile("nonce sources of every kind", () => {
  const now = () => 1.795e12;
  const first = "1795000000000";
  for (const [what, options] of Object.entries(NOTHING)) {
    if (what.endsWith("Proxy")) continue;
    sane(`options, ${what}`, () => typeof new NonceSource(options).next(), "string");
  }
  for (const [what, unit] of Object.entries({ ...NOTHING, "": "", s: "s", 0: 0, toString: "toString" }))
    sane(`unit, ${what}`, () => new NonceSource({ unit, now }).next());
  for (const [what, after] of Object.entries({
    ...NOTHING,
    number: 1,
    "": "",
    "-1": "-1",
    "-1n": -1n,
    "2^64": 2n ** 64n,
    "text 2^64": "18446744073709551616",
    "10^20000": 10n ** 20_000n,
    long: "1".repeat(100_000),
    1.5: "1.5",
    other: "\u0661",
  })) {
    sane(`after, ${what}`, () => new NonceSource({ after, now }).next());
  }
  for (const [what, clock] of Object.entries({ ...NOTHING, number: 1, text: "now" })) {
    if (what === "a function") continue;
    sane(`now, ${what}`, () => new NonceSource({ now: clock }).next());
  }
  for (const [what, reading] of Object.entries({
    ...NOTHING,
    undefined,
    NaN,
    Infinity,
    text: "1795000000000",
    "1n": 1_795_000_000_000n,
    microseconds: 1.795e15,
    "1e300": 1e300,
  })) {
    sane(`a clock that reads ${what}`, () => new NonceSource({ now: () => reading }).next());
  }
  for (const reading of [0, -0, -1, -Infinity, 5e-324])
    sane(`a clock that reads ${reading}`, () => new NonceSource({ now: () => reading }).next(), "1767225600000");
  sane("the last nonce there is", () => new NonceSource({ after: 2n ** 64n - 1n, now: () => 0 }).next());
  sane("the last but one", () => new NonceSource({ after: 2n ** 64n - 2n, now: () => 0 }).next(), "18446744073709551615");

  // A clock that throws is the caller's own affair, and changes nothing.
  let broken = false;
  const source = new NonceSource({ now: () => (broken ? throwing() : now()) });
  assert.equal(source.next(), first);
  broken = true;
  assert.throws(() => source.next(), RangeError);
  broken = false;
  assert.equal(source.next(), "1795000000001");

  // A clock that asks for a nonce itself.
  let depth = 0;
  const inner = [];
  const reentrant = new NonceSource({
    now: () => {
      depth += 1;
      if (depth % 5 !== 0) inner.push(reentrant.next());
      return now();
    },
  });
  const all = [reentrant.next(), reentrant.next()];
  assert.equal(new Set([...inner, ...all]).size, inner.length + 2, "no nonce twice");
  unharmed();
});

hostile("options and dates that free the key which is about to be used", () => {
  const other = "MZXW6YTBOI";
  for (const use of [
    (holder, meanwhile) =>
      holder.code(
        new (class extends Date {
          getTime() {
            meanwhile();
            return 59_000;
          }
        })(59_000),
      ),
    (holder, meanwhile) =>
      holder.verify("287082", {
        get at() {
          meanwhile();
          return 59_000;
        },
        window: 0,
      }) && "287082",
    (holder, meanwhile) =>
      holder.verify("287082", {
        at: 59_000,
        get window() {
          meanwhile();
          return 0;
        },
      }) && "287082",
  ]) {
    const holder = new Totp(SETUP_KEY);
    let successor;
    const meanwhile = () => {
      holder.free();
      successor = new Totp(other);
    };
    sane(String(use), () => use(holder, meanwhile), "287082");
    successor?.free();
  }
  unharmed();
});

hostile("what is thrown while a value is looked at is the caller's own, and nothing has happened", () => {
  const bad = {
    get digits() {
      return throwing();
    },
    get at() {
      return throwing();
    },
    get unit() {
      return throwing();
    },
  };
  for (const work of [() => new Totp(SETUP_KEY, bad), () => totp.verify("1", bad), () => new NonceSource(bad)]) {
    assert.throws(work, (error) => error instanceof KrakenError || error.message === "the caller's own");
    unharmed();
  }
});

hostile("handles cannot be forged", () => {
  for (const holder of [signer, totp]) {
    assert.equal(JSON.stringify(holder), "{}");
    assert.deepEqual(Reflect.ownKeys(holder), []);
  }
  for (const stranger of [{}, Object.create(Signer.prototype), new Proxy(signer, {}), totp, undefined]) {
    assert.throws(() => Signer.prototype.signSpot.call(stranger, PATH, 1), TypeError);
  }
  for (const stranger of [{}, Object.create(Totp.prototype), new Proxy(totp, {}), signer]) {
    assert.throws(() => Totp.prototype.code.call(stranger, 0), TypeError);
  }
  unharmed();
});

hostile("texts of 500 MB, and the longest that there is", () => {
  for (const length of [500 * 2 ** 20, constants.MAX_STRING_LENGTH]) {
    const text = "A".repeat(length);
    const bytes = Buffer.alloc(length, "A");
    sane("signSpot()", () => signer.signSpot(PATH, 1, text));
    sane("signFutures()", () => signer.signFutures(PATH, text, 1));
    sane("signSpot() of bytes", () => signer.signSpot(PATH, 1, bytes));
    sane("signFutures() of bytes", () => signer.signFutures(PATH, bytes, 1));
    sane("as a path", () => signer.signSpot(`/${text.slice(1)}`, 1));
    sane("as a nonce", () => signer.signSpot(PATH, text));
    sane("as a private key", () => new Signer(text));
    sane("as bytes of a private key", () => new Signer(bytes));
    sane("as a setup key", () => new Totp(text));
    sane("as a code", () => totp.verify(text), false);
    sane("as a FIX message", () => signer.signFixLogon(text, 1));
    sane("as a nonce to start after", () => new NonceSource({ after: text }));
    unharmed();
  }
});
