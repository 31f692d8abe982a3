// Searches memory for what keys leave behind.
import { bytesOf, CONSTANTS, HASHES, hmacBlock, hmacStates, words } from "./sha.mjs";

const WINDOW = 16;
/** How many bytes are passed over at once, if all are zero. */
const STRETCH = 1024;

/** A set of byte strings to search for. */
export class Needles {
  #byHead = new Map();
  // Which hashes of four bytes occur: most of the memory is passed over without a look at the map.
  #filter = new Uint8Array(1 << 16);

  /** Adds every window of `bytes`, of which `known` says whether they tell anything about the key. */
  add(name, bytes, known = () => true) {
    const size = Math.min(WINDOW, bytes.length);
    // How many telling bytes stand before each place.
    const telling = [0];
    for (let index = 0; index < bytes.length; index += 1) telling.push(telling[index] + Number(known(index)));
    const enough = Math.min(12, telling[bytes.length]);
    for (let offset = 0; offset + size <= bytes.length; offset += 1) {
      if (telling[offset + size] - telling[offset] < enough) continue;
      const window = bytes.subarray(offset, offset + size);
      const head = (window[0] << 24) | (window[1] << 16) | (window[2] << 8) | window[3];
      if (!this.#byHead.has(head)) this.#byHead.set(head, []);
      this.#byHead.get(head).push({ name, offset, window });
      this.#filter[hashed(head)] = 1;
    }
    return this;
  }

  /** Every place where one of them stands, in the order of the addresses. */
  search(memory) {
    const found = [];
    let head = 0;
    const words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length >>> 2);
    for (let at = 0; at < memory.length; at += 1) {
      if (at % STRETCH === 0) {
        // Most of the memory is zero and was never used: of a stretch of zeros only the end is looked at, where a window may begin.
        let word = at >>> 2;
        while (words[word] === 0) word += 1;
        const end = (word << 2) - ((word << 2) % STRETCH);
        if (end > at) {
          at = end - WINDOW;
          head = 0;
        }
      }
      head = (head << 8) | memory[at];
      if (this.#filter[hashed(head)] === 0) continue;
      const address = at - 3;
      for (const { name, offset, window } of this.#byHead.get(head) ?? []) {
        let same = 4;
        while (same < window.length && window[same] === memory[address + same]) same += 1;
        if (same === window.length) found.push({ name, offset, address });
      }
    }
    return found;
  }
}

/**
 * A key and what hashing makes of it: as it is or hashed first (if it exceeds a block); plain, with ipad and with opad; in the
 * order of memory and with the bytes of each 4, 8 or 16 reversed, as they lie in words and vectors; and the first words of
 * the message schedule, to which the constants of the rounds are added already.
 */
export function keyNeedles(hash, key) {
  const needles = new Needles();
  const { block: size, word } = HASHES[hash];
  const block = hmacBlock(hash, key);
  const blocks = [["key", filled(key, Math.ceil(key.length / size) * size), key.length]];
  if (key.length > size) blocks.push(["hashed key", block, HASHES[hash].size]);
  for (const [what, bytes, length] of blocks) {
    for (const [pad, suffix] of [
      [0, ""],
      [0x36, " ^ ipad"],
      [0x5c, " ^ opad"],
    ]) {
      // Five bytes and zeros may stand anywhere by chance; with a pad behind them they may not.
      if (pad === 0 && length < 6) continue;
      const padded = bytes.map((byte) => byte ^ pad);
      for (const unit of [1, 4, 8, 16]) {
        const order = (index) => index - (index % unit) + (unit - 1 - (index % unit));
        const name = `${what}${suffix}${unit === 1 ? "" : `, each ${unit} bytes reversed`}`;
        needles.add(
          name,
          padded.map((_, index) => padded[order(index)]),
          (index) => order(index) < length,
        );
      }
      if (pad === 0 || bytes.length > size) continue;
      const sums = words(padded, word).map((value, index) => BigInt.asUintN(word * 8, value + CONSTANTS[hash][index]));
      needles.add(`${what}${suffix} + constants`, bytesOf(sums, word, true), (index) => index - (index % word) + word <= length);
    }
  }
  return needles;
}

/** The states that HMAC keeps of a key: who has them can sign. */
export function stateNeedles(hash, key) {
  const needles = new Needles();
  const { word } = HASHES[hash];
  for (const [index, state] of hmacStates(hash, key).entries()) {
    const name = ["inner state", "outer state"][index];
    needles.add(name, bytesOf(state, word, true));
    needles.add(`${name}, big-endian`, bytesOf(state, word));
  }
  return needles;
}

/** One line for what was found: which bytes of what, from where to where. */
export function describe(found) {
  const runs = [];
  for (const { name, offset, address } of found) {
    const run = runs.find((one) => one.name === name && one.address - one.offset === address - offset && one.end === address + WINDOW - 1);
    if (run) run.end += 1;
    else runs.push({ name, offset, address, end: address + WINDOW });
  }
  return runs.map(({ name, offset, address, end }) => `${name}: ${end - address} bytes from its byte ${offset}, at ${address}`).join("; ");
}

const hashed = (head) => Math.imul(head, 0x9e3779b1) >>> 16;

function filled(bytes, length) {
  const block = new Uint8Array(length);
  block.set(bytes);
  return block;
}
