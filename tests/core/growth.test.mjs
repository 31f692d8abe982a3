// Memory stays where it is, however much is signed and however long it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { InvalidRequestError, Signer, Totp } from "kraken-signer";
import { core } from "../../pkg/dist/esm/load/core.js";
import * as reference from "./reference.mjs";

const KEY = Buffer.from(Array.from({ length: 64 }, (_, index) => index * 7 + 1));
const PATH = "/0/private/AddOrder";
const NONCE = 1616492376594n;
const CAPACITY = core().scratch.length;
const signer = new Signer(KEY);
const pages = () => core().exports.memory.buffer.byteLength / 65536;

test("1,000,000 signatures leave memory where it was", (t) => {
  const totp = new Totp("GEZDGNBVGY3TQOJQ");
  const body = `nonce=${NONCE}&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25`;
  const expected = reference.spot(KEY, PATH, NONCE, body);
  const many = (count) => {
    for (let index = 0; index < count; index += 1) {
      if (index % 1_000 === 0) {
        assert.equal(signer.signSpot(PATH, NONCE, body), expected);
        signer.signFutures(PATH, "x".repeat(CAPACITY), NONCE);
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

/** Text of `size` bytes in UTF-8 in which a character lies across each end of a piece. */
function across(size, character) {
  const width = Buffer.byteLength(character);
  // One byte more than the scratch holds: from piece to piece the end moves on by less than a character.
  const unit = "a" + character.repeat(CAPACITY / width) + "b".repeat(CAPACITY % width);
  return unit.repeat(Math.ceil(size / Buffer.byteLength(unit)));
}

/** At how many ends of pieces a character did not fit any more. */
function cuts(text) {
  const piece = new Uint8Array(CAPACITY);
  let count = 0;
  for (let rest = text.slice(0, 2 ** 22); rest.length > CAPACITY;) {
    const { read, written } = new TextEncoder().encodeInto(rest, piece);
    count += Number(written < CAPACITY);
    rest = rest.slice(read);
  }
  return count;
}

test("64 MB are signed right, without memory that grows", (t) => {
  const size = 64 * 2 ** 20;
  const before = pages();
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 4) bytes.writeInt32LE(Math.imul(at + 1, 0x9e3779b1), at);
  const wide = across(size, "\u{1f40b}");
  assert.ok(cuts(wide) > 100, "pairs of surrogates lie across the ends of pieces");
  for (const [what, body] of Object.entries({
    ASCII: "ordertype=limit&".repeat(size / 16),
    "pairs of surrogates": wide,
    bytes,
    "a view": new Uint8Array(bytes.buffer, bytes.byteOffset + 3, size - 7),
  })) {
    assert.equal(signer.signSpot(PATH, NONCE, body), reference.spot(KEY, PATH, NONCE, body), what);
    assert.equal(signer.signFutures(`/derivatives${PATH}`, body, NONCE), reference.futures(KEY, PATH, body, NONCE), what);
  }
  t.diagnostic(`${pages()} pages`);
  assert.ok(pages() - before <= 2, `${pages() - before} pages more`);
});

test("characters of 1 to 4 bytes at the ends of the first pieces", () => {
  for (const character of ["a", "é", "€", "\u{1f40b}"]) {
    for (let shift = 0; shift < 8; shift += 1) {
      for (const length of [CAPACITY, 2 * CAPACITY, 3 * CAPACITY]) {
        const body = "x".repeat(shift) + character.repeat(length / Buffer.byteLength(character));
        assert.equal(signer.signSpot(PATH, NONCE, body), reference.spot(KEY, PATH, NONCE, body));
        assert.equal(signer.signFutures(PATH, body), reference.futures(KEY, PATH, body));
      }
    }
  }
});

test("what just fits the scratch, and what just does not", () => {
  const before = pages();
  for (const nonce of ["0", NONCE, 2n ** 64n - 1n]) {
    for (let over = -3; over <= 3; over += 1) {
      const room = CAPACITY + over - PATH.length - String(nonce).length;
      for (const character of ["a", "é", "€", "\u{1f40b}"]) {
        for (const at of [0, room - Buffer.byteLength(character)]) {
          const body = "x".repeat(at) + character + "y".repeat(room - at - Buffer.byteLength(character));
          assert.equal(Buffer.byteLength(body), room);
          for (const form of [body, Buffer.from(body)]) {
            assert.equal(signer.signSpot(PATH, nonce, form), reference.spot(KEY, PATH, nonce, body), `spot, ${over} over`);
            assert.equal(signer.signFutures(PATH, form, nonce), reference.futures(KEY, PATH, body, nonce), `futures, ${over} over`);
          }
          const message = `${body}\u0001`;
          assert.equal(signer.signFixLogon(message, nonce), reference.futures(KEY, "", message, nonce), `fix, ${over} over`);
          assert.equal(signer.signChallenge(message), reference.futures(KEY, "", message), `challenge, ${over} over`);
        }
      }
    }
  }
  assert.equal(pages(), before);
});

test("a path may have 8192 characters, and no more", () => {
  const nonce = "7";
  for (const body of ["", "body", Buffer.from("body"), "body".repeat(CAPACITY)]) {
    for (const length of [8190, 8191, 8192, 8193, CAPACITY]) {
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
