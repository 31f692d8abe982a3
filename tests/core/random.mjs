// Randomness that can be repeated: every draw follows from a seed.

/** The generator sfc32, which passes the usual batteries. Each `label` has a sequence of its own. */
export class Random {
  #state;

  constructor(seed, label = "") {
    this.#state = Int32Array.of(seed, 0x9e3779b9, 0x85ebca6b, 1);
    for (const character of label) {
      this.#state[0] ^= character.codePointAt(0);
      this.u32();
    }
    for (let round = 0; round < 15; round += 1) this.u32();
  }

  u32() {
    const state = this.#state;
    const sum = (state[0] + state[1] + state[3]) | 0;
    state[3] += 1;
    state[0] = state[1] ^ (state[1] >>> 9);
    state[1] = state[2] + (state[2] << 3);
    state[2] = ((state[2] << 21) | (state[2] >>> 11)) + sum;
    return sum >>> 0;
  }

  /** A whole number from 0 up to, but not including, `limit`. */
  below(limit) {
    return Math.floor((this.u32() / 2 ** 32) * limit);
  }

  /** A whole number from `low` to `high`, both included. */
  between(low, high) {
    return low + this.below(high - low + 1);
  }

  /** True once in `times`. */
  once(times) {
    return this.below(times) === 0;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  u64() {
    return (BigInt(this.u32()) << 32n) | BigInt(this.u32());
  }

  bytes(length) {
    return Uint8Array.from({ length }, () => this.u32() & 0xff);
  }

  text(length, alphabet) {
    return Array.from({ length }, () => this.pick(alphabet)).join("");
  }
}

/** Base64 with padding, as Kraken writes private keys. */
export const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

/** Base32 without padding, as QR pages write setup keys. */
export function base32(bytes) {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[parseInt(five.padEnd(5, "0"), 2)]).join("");
}
