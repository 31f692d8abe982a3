// Memory stays where it is, however much is signed and however long it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { InvalidRequestError, Signer, Totp } from "kraken-signer";
import { core } from "../../pkg/dist/esm/wasm/instance.js";
import * as reference from "./reference.mjs";

const KEY = Buffer.from(Array.from({ length: 64 }, (_, index) => index * 7 + 1));
const PATH = "/0/private/AddOrder";
const NONCE = 1616492376594n;
const CAPACITY = core().buffer.length;
const signer = new Signer(KEY);
const pages = () => core().exports.memory.buffer.byteLength / 65536;

test("1,000,000 signatures do not grow the memory", (t) => {
  const totp = new Totp("GEZDGNBVGY3TQOJQ");
  const body = `nonce=${NONCE}&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25`;
  const expected = reference.spot(KEY, PATH, NONCE, body);
  const many = (count) => {
    for (let index = 0; index < count; index += 1) {
      if (index % 1_000 === 0) {
        assert.equal(signer.signSpot(PATH, NONCE, body), expected);
        signer.signFutures(PATH, "x".repeat(CAPACITY - 100), NONCE);
        totp.code(index);
        new Signer(KEY).free();
      } else signer.signSpot(PATH, index, body);
    }
  };
  many(100_000);
  const before = { pages: pages(), rss: process.memoryUsage.rss() };
  many(1_000_000);
  assert.equal(pages(), before.pages);
  const grown = (process.memoryUsage.rss() - before.rss) / 2 ** 20;
  t.diagnostic(`${pages()} pages, resident memory ${grown.toFixed(1)} MB more`);
  assert.ok(grown < 64, `resident memory grew by ${grown} MB`);
});

/** Nothing that was written is left, and the next request is signed right. */
function unharmed(what) {
  assert.ok(
    core().buffer.every((byte) => byte === 0),
    `${what}: the buffer is wiped`,
  );
  assert.equal(signer.signSpot(PATH, NONCE, "b"), reference.spot(KEY, PATH, NONCE, "b"), what);
  core().buffer.fill(0, 0, 88);
}

/** What fits is signed right, what does not is refused. */
function outcome(sign, fits, expected, what) {
  if (fits) {
    assert.equal(sign(), expected(), what);
    core().buffer.fill(0, 0, 88);
  } else assert.throws(sign, { name: "InvalidRequestError", message: /it is too long. At most 256 KiB can be signed/ }, what);
  unharmed(what);
}

test("input that is longer than the buffer is refused, and leaves nothing in memory", (t) => {
  core().buffer.fill(0);
  const before = pages();
  for (const size of [CAPACITY, 2 * CAPACITY, 64 * 2 ** 20]) {
    const bytes = Buffer.alloc(size, 1);
    for (const [what, body] of Object.entries({
      ASCII: "ordertype=limit&".repeat(size / 16),
      // Fewer UTF-16 units than the buffer has bytes, at first.
      "pairs of surrogates": "\u{1f40b}".repeat(size / 4),
      bytes,
      "a view": new Uint8Array(bytes.buffer, bytes.byteOffset + 3, size - 7),
    })) {
      outcome(() => signer.signSpot(PATH, NONCE, body), false, undefined, `spot, ${what}`);
      outcome(() => signer.signFutures(`/derivatives${PATH}`, body, NONCE), false, undefined, `futures, ${what}`);
    }
  }
  t.diagnostic(`${pages()} pages`);
  assert.equal(pages(), before);
});

test("input that just fits the buffer is signed, and a byte more is refused", () => {
  const before = pages();
  for (const nonce of ["0", NONCE, 2n ** 64n - 1n]) {
    for (let over = -3; over <= 3; over += 1) {
      for (const character of ["a", "é", "€", "\u{1f40b}"]) {
        const filled = (room, at) => {
          const place = at ? room - Buffer.byteLength(character) : 0;
          return "x".repeat(place) + character + "y".repeat(room - place - Buffer.byteLength(character));
        };
        const free = CAPACITY + over - String(nonce).length;
        for (const at of [0, 1]) {
          const body = filled(free - PATH.length, at);
          assert.equal(Buffer.byteLength(body) + PATH.length + String(nonce).length, CAPACITY + over);
          for (const form of [body, Buffer.from(body)]) {
            outcome(
              () => signer.signSpot(PATH, nonce, form),
              over <= 0,
              () => reference.spot(KEY, PATH, nonce, body),
              `spot, ${over} over`,
            );
            outcome(
              () => signer.signFutures(PATH, form, nonce),
              over <= 0,
              () => reference.futures(KEY, PATH, body, nonce),
              `futures, ${over} over`,
            );
          }
          const message = `${filled(free - 1, at)}\u0001`;
          outcome(
            () => signer.signFixLogon(message, nonce),
            over <= 0,
            () => reference.futures(KEY, "", message, nonce),
            `fix, ${over} over`,
          );
          const challenge = filled(CAPACITY + over, at);
          outcome(
            () => signer.signChallenge(challenge),
            over <= 0,
            () => reference.futures(KEY, "", challenge),
            `challenge, ${over} over`,
          );
        }
      }
    }
  }
  assert.equal(pages(), before);
});

test("a path may have at most 8192 characters", () => {
  const nonce = "7";
  for (const body of ["", "body", Buffer.from("body"), "body".repeat(10_000)]) {
    for (const length of [8190, 8191, 8192, 8193, 16_384]) {
      const path = `/${"p".repeat(length - 1)}`;
      const outcomes = [
        [() => signer.signSpot(path, nonce, body), () => reference.spot(KEY, path, nonce, body)],
        [() => signer.signFutures(path, body, nonce), () => reference.futures(KEY, path, body, nonce)],
        [() => signer.signFutures(path, body), () => reference.futures(KEY, path, body)],
      ];
      for (const [sign, expected] of outcomes) {
        if (length <= 8192) assert.equal(sign(), expected());
        else assert.throws(sign, InvalidRequestError);
        assert.equal(signer.signSpot(PATH, NONCE, "b"), reference.spot(KEY, PATH, NONCE, "b"));
      }
    }
  }
});
