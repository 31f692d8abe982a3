// Random and malicious calls at the raw exports, where no TypeScript checks anything.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Signer, Totp } from "kraken-signer";
import { core } from "../../pkg/dist/esm/wasm/instance.js";
import { base32, base64, Random } from "./random.mjs";
import * as reference from "./reference.mjs";
import { CALLS, SEED } from "./settings.mjs";

const BLOCK = 100_000;
const MISUSE = -82;
const NUMBERS = [
  0,
  1,
  2,
  3,
  8,
  13,
  64,
  88,
  255,
  256,
  512,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 32 + 5,
  2 ** 53,
  -1,
  -2,
  -(2 ** 31),
  1.5,
  -0.5,
];
const ODD = [NaN, Infinity, -Infinity, -0, undefined, null, true, false, "7", "x", {}, [], () => 7];
const TIMES = [
  0,
  -0,
  -1,
  1,
  59_000,
  1.8e12,
  8.64e15,
  8.64e15 + 2,
  1.8e15,
  2 ** 53,
  2 ** 63,
  2 ** 64,
  1e300,
  5e-324,
  NaN,
  Infinity,
  -Infinity,
];
const BIG = [0n, 1n, -1n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n, -(2n ** 63n), 10n ** 40n, 1_767_225_600_000n, 7_258_118_400_000_000_000n];

test(`${CALLS.toLocaleString("en")} hostile calls to the exports neither trap nor corrupt memory (seed ${SEED})`, (t) => {
  const random = new Random(SEED, "hostile exports");
  const instance = core();
  const { exports } = instance;
  const capacity = instance.buffer.length;
  const text = new TextDecoder();

  // What the public API keeps beside the hostile calls. Its slots are not freed by them.
  const key = random.bytes(64);
  const setupKey = random.bytes(20);
  const known = { signer: new Signer(key), totp: new Totp(base32(setupKey)) };
  const long = "long body ".repeat(3_000);
  const live = new Map([
    [0, { kind: "secret", key }],
    [1, { kind: "totp" }],
  ]);
  const freed = [];
  const noise = random.bytes(1 << 16);
  const snippets = [
    () => base64(random.bytes(random.between(1, 90))),
    () => base32(random.bytes(random.between(1, 70))),
    () => `otpauth://totp/x?secret=${base32(random.bytes(20))}&digits=${random.below(10)}&period=${random.below(100)}`,
    () => `otpauth://${random.text(random.below(40), ["totp", "/", "?", "secret", "=", "%", "A", "7", "&", "digits", "#", "é"])}`,
    () => String(random.u64()),
    () => "/derivatives/api/v3/sendorder1616492376594a=b",
    () => random.text(8, "0123456789"),
  ].map((make) => Array.from({ length: 50 }, () => Buffer.from(make())));
  const request = Buffer.from("/0/private/1616492376594nonce=1616492376594");
  const answers = { signatures: 0, codes: 0, nonces: 0, handles: 0, refused: 0, compared: 0, typeErrors: 0 };

  const handle = () => {
    const choice = random.below(8);
    if (choice < 4) return random.below(250);
    if (choice < 5) return freed.length > 0 ? random.pick(freed) : 0;
    return number();
  };
  const number = () => {
    const choice = random.below(16);
    if (choice < 7) return random.below(120);
    if (choice < 9) return capacity - 3 + random.below(7);
    if (choice < 11) return random.u32();
    if (choice < 15) return random.pick(NUMBERS);
    return random.pick(ODD);
  };
  // Lengths that make sense are the ones that get far; very long ones are right to be rare, since hashing takes its time.
  const length = () => (random.once(50) ? number() : random.once(100) ? random.below(capacity) : random.below(160));
  const time = () => (random.once(3) ? random.pick(TIMES) : random.below(2 ** 32) * random.pick([1, 1e-3, 1e3, 1e6]));

  /** What stands in the buffer, and how long it is. */
  function prepare() {
    const choice = random.below(8);
    if (choice < 3) return length();
    const place = random.once(4) ? random.below(200) : 0;
    if (choice < 5) {
      const start = random.below(noise.length - 200);
      const size = random.below(200);
      instance.buffer.set(noise.subarray(start, start + size), place);
      return place + size;
    }
    const snippet = random.pick(random.pick(snippets));
    instance.buffer.set(snippet, place);
    return random.once(20) ? length() : place + snippet.length;
  }

  /** A new handle has to be one that nobody has. */
  function opened(answer, entry) {
    if (answer < 0) return;
    answers.handles += 1;
    assert.ok(!live.has(answer), `slot ${answer} was handed out twice`);
    live.set(answer, entry);
  }

  /** Calls an export with what is in the buffer; a signature must be by a live secret, and the one that node:crypto makes. */
  function sign(futures, slot, pathLength, nonceLength, size) {
    const before = size > 0 && size < 500 && random.once(8) ? instance.buffer.slice(0, size) : undefined;
    const answer = exports.sign(futures, slot, pathLength, nonceLength, size);
    if (answer < 0) return answer;
    answers.signatures += 1;
    const owner = live.get(Number(slot) >>> 0);
    assert.equal(answer, 88);
    assert.equal(owner?.kind, "secret", `a signature of slot ${String(slot)}`);
    if (before && owner.key) {
      const end = pathLength >>> 0;
      const path = before.subarray(0, end);
      const nonce = before.subarray(end, end + (nonceLength >>> 0));
      const body = before.subarray(end + nonce.length);
      // The reference takes text for a path.
      if (path.some((byte) => byte > 127)) return answer;
      const [route, digits] = [text.decode(path), text.decode(nonce)];
      const expected = futures ? reference.futures(owner.key, route, body, digits) : reference.spot(owner.key, route, digits, body);
      assert.equal(text.decode(instance.buffer.subarray(0, 88)), expected);
      answers.compared += 1;
    }
    return answer;
  }

  const calls = [
    () => sign(random.below(3), handle(), length(), random.once(2) ? 0 : length(), prepare()),
    () => {
      instance.buffer.set(request);
      return sign(random.below(2), handle(), 11, 13, request.length);
    },
    () => {
      const answer = exports.code(handle(), time());
      answers.codes += Number(answer >= 0);
      return answer;
    },
    () => exports.remaining(handle(), time()),
    () => exports.verify(handle(), random.once(2) ? 6 : prepare(), time(), random.once(4) ? number() : random.below(4)),
    () => {
      const answer = exports.nonce(
        random.once(2) ? random.u64() >> BigInt(random.below(64)) : random.pick(BIG),
        random.below(4),
        time(),
        number(),
      );
      answers.nonces += Number(answer >= 0);
      return answer;
    },
    () => {
      const size = prepare();
      // Of very long keys it is enough to know that they are live.
      const secret = size > 0 && size < 300 ? instance.buffer.slice(0, size) : undefined;
      const answer = exports.secret(size, 0);
      opened(answer, { kind: "secret", key: secret });
      return answer;
    },
    () => {
      const size = prepare();
      const read = size > 0 && size < 300 ? text.decode(instance.buffer.subarray(0, size)) : undefined;
      const answer = exports.secret(size, 1);
      opened(answer, { kind: "secret", key: read && Buffer.from(read.trim(), "base64") });
      return answer;
    },
    () => {
      const answer = exports.totp(
        prepare(),
        random.once(3) ? number() : random.pick([0, 1, 256, 512]),
        random.pick([0, 6, 7, 8, number()]),
        random.once(3) ? number() : 0,
      );
      opened(answer, { kind: "totp" });
      return answer;
    },
    () => release(handle()),
    () => (exports.buffer() === instance.buffer.byteOffset && exports.capacity() === capacity ? 0 : assert.fail("the buffer has moved")),
  ];

  function release(slot) {
    const index = Number(slot) >>> 0;
    if (index < 2) return 0;
    const answer = exports.free(slot);
    if (live.delete(index)) {
      assert.equal(answer, 0, `free(${index})`);
      if (freed.length < 1_000) freed.push(index);
      else freed[random.below(1_000)] = index;
    }
    return answer;
  }

  /** Arguments of a type that the boundary refuses by itself: a TypeError, and nothing has happened. */
  function mistyped() {
    const wrong = [
      () => exports.sign(0, 7n, 0, 0, 0),
      () => exports.free(Symbol("x")),
      () => exports.nonce(7, 0, 0, 0),
      () => exports.secret(Object.create(null), 0),
      () => exports.code(0, 1n),
    ];
    assert.throws(random.pick(wrong), TypeError);
    answers.typeErrors += 1;
  }

  /** Nothing that was right before has become wrong. */
  function check() {
    assert.equal(known.signer.signSpot("/0/private/Balance", 7n, "nonce=7"), reference.spot(key, "/0/private/Balance", 7n, "nonce=7"));
    assert.equal(known.signer.signSpot("/0/private/Balance", 7n, long), reference.spot(key, "/0/private/Balance", 7n, long));
    assert.equal(known.signer.signFutures("/derivatives/api/v3/a", "a=b"), reference.futures(key, "/derivatives/api/v3/a", "a=b"));
    assert.equal(known.totp.code(1.8e12), reference.hotp(setupKey, "sha1", 1.8e9 / 30, 6));
    for (const [slot, { kind, key: secret }] of live) {
      instance.buffer.set(Buffer.from("/path7body"));
      const answer = exports.sign(0, slot, 5, 1, 10);
      assert.equal(answer, kind === "secret" ? 88 : MISUSE, `slot ${slot}`);
      if (secret) assert.equal(text.decode(instance.buffer.subarray(0, 88)), reference.spot(secret, "/path", 7, "body"), `slot ${slot}`);
    }
    for (const slot of freed) if (!live.has(slot)) assert.equal(exports.sign(0, slot, 0, 0, 0), MISUSE, `freed slot ${slot}`);
    assert.equal(instance, core(), "no crash");
  }

  check();
  let pages;
  for (let done = 0; done < CALLS;) {
    for (const end = Math.min(done + BLOCK, CALLS); done < end; done += 1) {
      const answer = random.pick(calls)();
      if (answer < 0) answers.refused += 1;
      // Room for keys is not what is tested here.
      if (live.size > 200) for (const slot of [...live.keys()]) if (random.once(2)) release(slot);
    }
    for (let times = 0; times < 20; times += 1) mistyped();
    check();
    pages ??= exports.memory.buffer.byteLength / 65536;
  }
  t.diagnostic(JSON.stringify({ ...answers, pages }));
  assert.ok(exports.memory.buffer.byteLength / 65536 <= pages + 1, "memory has not grown");
  for (const [what, count] of Object.entries(answers)) assert.ok(count > CALLS / 1e6, `${what}: ${count}`);
});
