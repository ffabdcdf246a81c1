// The only source of chance of the comparison: every case has to be the same on every machine, and to be found again by its number.

/** A sequence of numbers that depends on its seeds alone (sfc32). */
export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  /** @param {readonly number[]} seeds integers; each of them changes the whole sequence */
  constructor(...seeds) {
    this.#a = digest(0x9e3779b9, seeds);
    this.#b = digest(0x243f6a88, seeds);
    this.#c = digest(0xb7e15162, seeds);
    for (let i = 0; i < 12; i++) this.next();
  }

  /** An integer of 32 bits, not negative. */
  next() {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** An integer from 0 to `limit` - 1. */
  below(limit) {
    return Math.floor((this.next() / 2 ** 32) * limit);
  }

  /** An integer from `least` to `most`, both included. */
  between(least, most) {
    return least + this.below(most - least + 1);
  }

  /** True in `share` of all calls, 0 to 1. */
  chance(share) {
    return this.next() < share * 2 ** 32;
  }

  /** @template T @param {readonly T[]} list @returns {T} */
  pick(list) {
    return list[this.below(list.length)];
  }

  /** @template T @param {readonly (readonly [weight: number, value: T])[]} list @returns {T} */
  weighted(list) {
    let rest = (this.next() / 2 ** 32) * list.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of list) {
      rest -= weight;
      if (rest < 0) return value;
    }
    return list.at(-1)[1];
  }

  /** Octets as a latin1 text. */
  octets(count) {
    return Array.from({ length: count }, () => String.fromCharCode(this.below(256))).join('');
  }

  /** Lower-case letters and digits. */
  word(length) {
    return Array.from({ length }, () => this.below(36).toString(36)).join('');
  }
}

/** murmur3's way to mix integers. */
function digest(start, numbers) {
  let hash = start;
  for (const number of [...numbers, numbers.length]) {
    let block = Math.imul(number | 0, 0xcc9e2d51);
    block = (block << 15) | (block >>> 17);
    hash ^= Math.imul(block, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19) | 0;
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
