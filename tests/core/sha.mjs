// SHA-1, SHA-256 and SHA-512 down to the compression function, after FIPS 180-4: the tests need the states between.

/** Of each hash: bytes in a block, in a word, in the digest. */
export const HASHES = {
  SHA1: { block: 64, word: 4, size: 20 },
  SHA256: { block: 64, word: 4, size: 32 },
  SHA512: { block: 128, word: 8, size: 64 },
};

const PRIMES = Array.from({ length: 410 }, (_, number) => number).filter((number) => {
  for (let divisor = 2; divisor < number; divisor += 1) if (number % divisor === 0) return false;
  return number > 1;
});

/** The first 64 bits behind the point of the `degree`-th root of a prime: what SHA-2 takes its constants from. */
function fraction(prime, degree) {
  const power = BigInt(prime) << (64n * degree);
  let root = 0n;
  for (let bit = 1n << 70n; bit > 0n; bit >>= 1n) if ((root + bit) ** degree <= power) root += bit;
  return BigInt.asUintN(64, root);
}

const SQUARE_ROOTS = PRIMES.slice(0, 8).map((prime) => fraction(prime, 2n));
const CUBE_ROOTS = PRIMES.slice(0, 80).map((prime) => fraction(prime, 3n));

/** The additive constants of the rounds. */
export const CONSTANTS = {
  SHA1: [0x5a827999n, 0x6ed9eba1n, 0x8f1bbcdcn, 0xca62c1d6n].flatMap((constant) => Array(20).fill(constant)),
  SHA256: CUBE_ROOTS.slice(0, 64).map((root) => root >> 32n),
  SHA512: CUBE_ROOTS,
};

const START = {
  SHA1: [0x67452301n, 0xefcdab89n, 0x98badcfen, 0x10325476n, 0xc3d2e1f0n],
  SHA256: SQUARE_ROOTS.map((root) => root >> 32n),
  SHA512: SQUARE_ROOTS,
};

const ROTATIONS = {
  SHA256: {
    state: [
      [6n, 11n, 25n],
      [2n, 13n, 22n],
    ],
    schedule: [
      [7n, 18n, 3n],
      [17n, 19n, 10n],
    ],
  },
  SHA512: {
    state: [
      [14n, 18n, 41n],
      [28n, 34n, 39n],
    ],
    schedule: [
      [1n, 8n, 7n],
      [19n, 61n, 6n],
    ],
  },
};

/** Big-endian words of some bytes. */
export function words(bytes, size) {
  return Array.from({ length: bytes.length / size }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size).reduce((word, byte) => (word << 8n) | BigInt(byte), 0n),
  );
}

/** The bytes of some words, big-endian or little-endian. */
export function bytesOf(list, size, littleEndian = false) {
  return Uint8Array.from(
    list.flatMap((word) => {
      const bytes = Array.from({ length: size }, (_, index) => Number((word >> BigInt(8 * index)) & 0xffn));
      return littleEndian ? bytes : bytes.reverse();
    }),
  );
}

/** The state after one more block. */
export function compress(hash, state, block) {
  const { word: size } = HASHES[hash];
  const width = BigInt(size * 8);
  const wrap = (word) => BigInt.asUintN(Number(width), word);
  const right = (word, by) => wrap((word >> by) | (word << (width - by)));
  const w = words(block, size);
  if (hash === "SHA1") {
    for (let t = 16; t < 80; t += 1) w[t] = right(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 31n);
    let [a, b, c, d, e] = state;
    for (let t = 0; t < 80; t += 1) {
      const mixed = t < 20 ? (b & c) ^ (~b & d) : t >= 40 && t < 60 ? (b & c) ^ (b & d) ^ (c & d) : b ^ c ^ d;
      [a, b, c, d, e] = [wrap(right(a, 27n) + wrap(mixed) + e + CONSTANTS.SHA1[t] + w[t]), a, right(b, 2n), c, d];
    }
    return [a, b, c, d, e].map((value, index) => wrap(value + state[index]));
  }
  const sigma = (word, [first, second, third]) => right(word, first) ^ right(word, second) ^ right(word, third);
  const shifted = (word, [first, second, third]) => right(word, first) ^ right(word, second) ^ (word >> third);
  const {
    state: [one, zero],
    schedule: [low, high],
  } = ROTATIONS[hash];
  const rounds = CONSTANTS[hash].length;
  for (let t = 16; t < rounds; t += 1) w[t] = wrap(shifted(w[t - 2], high) + w[t - 7] + shifted(w[t - 15], low) + w[t - 16]);
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < rounds; t += 1) {
    const first = h + sigma(e, one) + wrap((e & f) ^ (~e & g)) + CONSTANTS[hash][t] + w[t];
    const second = sigma(a, zero) + ((a & b) ^ (a & c) ^ (b & c));
    [a, b, c, d, e, f, g, h] = [wrap(first + second), a, b, c, wrap(d + first), e, f, g];
  }
  return [a, b, c, d, e, f, g, h].map((value, index) => wrap(value + state[index]));
}

export function digest(hash, message) {
  const { block, word, size } = HASHES[hash];
  const padded = new Uint8Array(Math.ceil((message.length + 1 + 2 * word) / block) * block);
  padded.set(message);
  padded[message.length] = 0x80;
  new DataView(padded.buffer).setUint32(padded.length - 4, message.length * 8);
  let state = START[hash];
  for (let at = 0; at < padded.length; at += block) state = compress(hash, state, padded.subarray(at, at + block));
  return bytesOf(state, word).subarray(0, size);
}

/** A key as HMAC uses it: filled up to a block, or hashed first if it is longer. */
export function hmacBlock(hash, key) {
  const block = new Uint8Array(HASHES[hash].block);
  block.set(key.length > block.length ? digest(hash, key) : key);
  return block;
}

/** The two states that HMAC starts from: after key ^ ipad and after key ^ opad. */
export function hmacStates(hash, key) {
  const block = hmacBlock(hash, key);
  return [0x36, 0x5c].map((pad) =>
    compress(
      hash,
      START[hash],
      block.map((byte) => byte ^ pad),
    ),
  );
}
