// Numbers from a seed: the same seed, the same world.

/** A small generator (sfc32), good enough that neighboring seeds have nothing in common. */
export class Random {
  #a = 0x9e3779b9;
  #b = 0x243f6a88;
  #c;
  #counter = 1;

  constructor(seed) {
    this.#c = seed >>> 0;
    this.#b ^= Math.floor(seed / 2 ** 32) >>> 0;
    for (let round = 0; round < 12; round++) this.next();
  }

  /** From 0 to 1, without 1. */
  next() {
    const sum = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  chance(probability) {
    return probability > 0 && this.next() < probability;
  }

  /** A whole number from `low` to `high`, with both. */
  whole(low, high) {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  between(low, high) {
    return low + this.next() * (high - low);
  }

  /** Between the two, with every order of magnitude as likely as another. */
  spread(low, high) {
    return low * (high / low) ** this.next();
  }

  pick(list) {
    return list[Math.floor(this.next() * list.length)];
  }

  /** One of the names in `{ name: weight }`. */
  weighted(weights) {
    const names = Object.keys(weights);
    let point = this.next() * names.reduce((sum, name) => sum + weights[name], 0);
    return names.find((name) => (point -= weights[name]) < 0) ?? names.at(-1);
  }

  /** A UUID of version 4. */
  uuid() {
    const hex = Array.from({ length: 4 }, () =>
      Math.floor(this.next() * 2 ** 32)
        .toString(16)
        .padStart(8, "0"),
    ).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}
