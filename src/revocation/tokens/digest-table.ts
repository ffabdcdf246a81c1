/**
 * A million revoked tokens would be a million objects for the garbage collector: here they are numbers in a few hundred arrays, found in
 * a microsecond, and exact.
 */

/** What is kept of one entry beside its digest. Times in seconds since the epoch. */
export interface TableEntry {
  /** The entry ends with this second. */
  readonly until: number;
  /** When it was decided. */
  readonly at: number;
  /** What the owner of the table wants to know of it: a number of 1 to 2^32 - 1. */
  readonly tag: number;
}

/** An entry with the 128 bits that it is found by. */
export interface FoundEntry extends TableEntry {
  readonly digest: Buffer;
}

/** Bytes of a digest that are kept: two of a million entries are the same by chance once in 10^27. */
export const DIGEST_BYTES = 16;

/** Four of the digest, then {@link UNTIL}, {@link AT} and {@link TAG}. */
const WORDS = 7;
const UNTIL = 4;
const AT = 5;
const TAG = 6;

/** Parts are swept, and read, one after the other. */
const PARTS = 256;

/** Slots of a part that has its first entry: few are enough for most. */
const FEW_SLOTS = 64;

/**
 * Slots of a part that has more: room for its share of a million and a half, sized ahead, so that no insertion into a long list moves anything.
 * Memory that nothing was written to yet is reserved by the system and not occupied.
 */
const MANY_SLOTS = 6_144;

/** Open addressing with linear probing, less than two thirds full with a million entries. A free slot has the tag 0. */
export class DigestTable {
  private readonly parts: (Uint32Array | undefined)[] = [];
  private readonly counts = new Uint32Array(PARTS);
  /** The digest that is asked about, and the one that is moved, as words. */
  private readonly asked = new Uint32Array(4);
  private readonly moved = new Uint32Array(4);
  private total = 0;
  private occupied = 0;

  /** @param seed unpredictable, so that nobody who chooses digests chooses slots */
  constructor(private readonly seed: number) {}

  /** Entries, with those that have ended and were not swept yet. */
  get size(): number {
    return this.total;
  }

  /** What the arrays occupy. */
  get bytes(): number {
    return this.occupied;
  }

  /**
   * The tag of an entry that has not ended; 0: there is none. Makes nothing that would have to be collected.
   * @param key {@link keyOf} the digest
   */
  tagOf(key: string, nowSeconds: number): number {
    for (let i = 0; i < 4; i++) this.asked[i] = wordOf(key, 4 * i);
    const mixed = this.mix(this.asked);
    const part = this.parts[mixed % PARTS];
    if (!part) return 0;
    const at = slotOf(part, this.asked, mixed);
    return word(part, at + UNTIL) > nowSeconds ? word(part, at + TAG) : 0;
  }

  get(digest: Buffer): TableEntry | undefined {
    const mixed = this.ask(digest);
    const part = this.parts[mixed % PARTS];
    return part && entryAt(part, slotOf(part, this.asked, mixed));
  }

  /** Adds an entry, or replaces the one with this digest. */
  set(digest: Buffer, { until, at, tag }: TableEntry): void {
    const mixed = this.ask(digest);
    const index = mixed % PARTS;
    const part = this.parts[index] ?? this.put(index, new Uint32Array(FEW_SLOTS * WORDS));
    const slot = slotOf(part, this.asked, mixed);
    const isNew = word(part, slot + TAG) === 0;
    part.set(this.asked, slot);
    part[slot + UNTIL] = until;
    part[slot + AT] = at;
    part[slot + TAG] = tag;
    if (!isNew) return;
    this.total++;
    const count = (this.counts[index] ?? 0) + 1;
    this.counts[index] = count;
    if (isCrowded(count, part.length / WORDS)) this.put(index, this.rebuilt(part, slotsFor(count)));
  }

  /** Forgets what has ended in one of the parts; after {@link sweepTurns} turns, in all of them. @param onGone gets each tag */
  sweep(turn: number, nowSeconds: number, onGone: (tag: number) => void): void {
    const index = turn % PARTS;
    const part = this.parts[index];
    if (!part) return;
    let ended = 0;
    for (let at = 0; at < part.length; at += WORDS) {
      const tag = word(part, at + TAG);
      if (tag === 0 || word(part, at + UNTIL) > nowSeconds) continue;
      part[at + TAG] = 0;
      ended++;
      onGone(tag);
    }
    if (ended === 0) return;
    const left = (this.counts[index] ?? 0) - ended;
    this.counts[index] = left;
    this.total -= ended;
    // Gaps would break the search for what is behind them: what is left is put into a part anew.
    this.put(index, left === 0 ? undefined : this.rebuilt(part, slotsFor(left)));
  }

  /** Every entry of one part, also those that have ended. @param isWanted is asked with the tag and the end of each */
  entriesOf(turn: number, isWanted: (tag: number, until: number) => boolean = () => true): readonly FoundEntry[] {
    const part = this.parts[turn % PARTS];
    const found: FoundEntry[] = [];
    for (let at = 0; part && at < part.length; at += WORDS) {
      const tag = word(part, at + TAG);
      if (tag === 0 || !isWanted(tag, word(part, at + UNTIL))) continue;
      const entry = entryAt(part, at);
      if (entry) found.push({ ...entry, digest: digestAt(part, at) });
    }
    return found;
  }

  private put<Part extends Uint32Array | undefined>(index: number, part: Part): Part {
    this.occupied += (part?.byteLength ?? 0) - (this.parts[index]?.byteLength ?? 0);
    this.parts[index] = part;
    return part;
  }

  private rebuilt(part: Uint32Array, slots: number): Uint32Array {
    const next = new Uint32Array(slots * WORDS);
    for (let at = 0; at < part.length; at += WORDS) {
      if (word(part, at + TAG) === 0) continue;
      for (let i = 0; i < 4; i++) this.moved[i] = word(part, at + i);
      const to = slotOf(next, this.moved, this.mix(this.moved));
      for (let i = 0; i < WORDS; i++) next[to + i] = word(part, at + i);
    }
    return next;
  }

  private ask(digest: Buffer): number {
    for (let i = 0; i < 4; i++) this.asked[i] = digest.readUInt32LE(4 * i);
    return this.mix(this.asked);
  }

  private mix(digest: Uint32Array): number {
    let mixed = Math.imul(word(digest, 0) ^ this.seed, 0x9e3779b1) ^ word(digest, 1);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  }
}

/** A digest as text, for whoever remembers it: the smallest object that it can be. */
export function keyOf(digest: Buffer): string {
  return digest.toString('latin1', 0, DIGEST_BYTES);
}

/** How many turns of {@link DigestTable.sweep} see the whole table. */
export const sweepTurns = PARTS;

/** Where this digest stands, or the free slot where it would. */
function slotOf(part: Uint32Array, digest: Uint32Array, mixed: number): number {
  // The part was chosen by the lower bits; the others choose the slot.
  let at = Math.floor(((mixed >>> 8) * (part.length / WORDS)) / 2 ** 24) * WORDS;
  while (word(part, at + TAG) !== 0 && !holds(part, at, digest)) {
    at += WORDS;
    if (at === part.length) at = 0;
  }
  return at;
}

function holds(part: Uint32Array, at: number, digest: Uint32Array): boolean {
  return (
    part[at] === digest[0] && part[at + 1] === digest[1] && part[at + 2] === digest[2] && part[at + 3] === digest[3]
  );
}

function entryAt(part: Uint32Array, at: number): TableEntry | undefined {
  const tag = word(part, at + TAG);
  return tag === 0 ? undefined : { until: word(part, at + UNTIL), at: word(part, at + AT), tag };
}

function digestAt(part: Uint32Array, at: number): Buffer {
  const digest = Buffer.alloc(DIGEST_BYTES);
  for (let i = 0; i < 4; i++) digest.writeUInt32LE(word(part, at + i), 4 * i);
  return digest;
}

function word(part: Uint32Array, at: number): number {
  return part[at] ?? 0;
}

/** As `readUInt32LE` of the octets that {@link keyOf} has written. */
function wordOf(key: string, at: number): number {
  const low = key.charCodeAt(at) | (key.charCodeAt(at + 1) << 8);
  return low | (key.charCodeAt(at + 2) << 16) | (key.charCodeAt(at + 3) << 24);
}

function isCrowded(entries: number, slots: number): boolean {
  return 6 * entries >= 5 * slots;
}

/** @returns how many places a part with `entries` entries gets, so that some are free for those that follow */
function slotsFor(entries: number): number {
  let slots = isCrowded(entries + 1, FEW_SLOTS) ? MANY_SLOTS : FEW_SLOTS;
  while (isCrowded(entries + 1, slots)) slots *= 2;
  return slots;
}
