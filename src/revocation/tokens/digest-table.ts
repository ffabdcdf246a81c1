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

/** The table grows part by part, so that no insertion moves more than a 256th of it. */
const PARTS = 256;

/** Slots of a part that has its first entry. A power of two, as all sizes are. */
const FIRST_SLOTS = 8;

/** Open addressing with linear probing, at most half full. A free slot has the tag 0. */
export class DigestTable {
  private readonly parts: Uint32Array[] = [];
  private readonly counts = new Uint32Array(PARTS);
  private total = 0;

  /** @param seed unpredictable, so that nobody who chooses digests chooses slots */
  constructor(private readonly seed: number) {}

  /** Entries, with those that have ended and were not swept yet. */
  get size(): number {
    return this.total;
  }

  /** What the arrays occupy. */
  get bytes(): number {
    return this.parts.reduce((sum, part) => sum + part.byteLength, 0);
  }

  /** The tag of an entry that has not ended; 0: there is none. Makes nothing that would have to be collected. */
  tagOf(digest: Buffer, nowSeconds: number): number {
    const mixed = this.mix(digest);
    const part = this.parts[mixed % PARTS];
    if (!part) return 0;
    const at = slotOf(part, digest, mixed);
    return word(part, at + UNTIL) > nowSeconds ? word(part, at + TAG) : 0;
  }

  get(digest: Buffer): TableEntry | undefined {
    const mixed = this.mix(digest);
    const part = this.parts[mixed % PARTS];
    return part && entryAt(part, slotOf(part, digest, mixed));
  }

  /** Adds an entry, or replaces the one with this digest. */
  set(digest: Buffer, { until, at, tag }: TableEntry): void {
    const mixed = this.mix(digest);
    const index = mixed % PARTS;
    const part = (this.parts[index] ??= new Uint32Array(FIRST_SLOTS * WORDS));
    const slot = slotOf(part, digest, mixed);
    const isNew = word(part, slot + TAG) === 0;
    for (let i = 0; i < 4; i++) part[slot + i] = digest.readUInt32LE(4 * i);
    part[slot + UNTIL] = until;
    part[slot + AT] = at;
    part[slot + TAG] = tag;
    if (!isNew) return;
    this.total++;
    const count = (this.counts[index] ?? 0) + 1;
    this.counts[index] = count;
    if (2 * count * WORDS >= part.length) this.parts[index] = this.rebuilt(part, part.length * 2);
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
    this.parts[index] = this.rebuilt(part, slotsFor(left) * WORDS);
  }

  /** Every entry of one part, also those that have ended. */
  entriesOf(turn: number): readonly FoundEntry[] {
    const part = this.parts[turn % PARTS];
    const found: FoundEntry[] = [];
    for (let at = 0; part && at < part.length; at += WORDS) {
      const entry = entryAt(part, at);
      if (entry) found.push({ ...entry, digest: digestAt(part, at) });
    }
    return found;
  }

  private rebuilt(part: Uint32Array, length: number): Uint32Array {
    const next = new Uint32Array(length);
    for (let at = 0; at < part.length; at += WORDS) {
      if (word(part, at + TAG) === 0) continue;
      const digest = digestAt(part, at);
      next.set(part.subarray(at, at + WORDS), slotOf(next, digest, this.mix(digest)));
    }
    return next;
  }

  private mix(digest: Buffer): number {
    let mixed = Math.imul(digest.readUInt32LE(0) ^ this.seed, 0x9e3779b1) ^ digest.readUInt32LE(4);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
    return (mixed ^ (mixed >>> 13)) >>> 0;
  }
}

/** How many turns of {@link DigestTable.sweep} see the whole table. */
export const sweepTurns = PARTS;

/** Where this digest stands, or the free slot where it would. */
function slotOf(part: Uint32Array, digest: Buffer, mixed: number): number {
  const slots = part.length / WORDS;
  for (let slot = Math.floor(mixed / PARTS) % slots; ; slot = (slot + 1) % slots) {
    const at = slot * WORDS;
    if (word(part, at + TAG) === 0 || holds(part, at, digest)) return at;
  }
}

function holds(part: Uint32Array, at: number, digest: Buffer): boolean {
  return (
    part[at] === digest.readUInt32LE(0) &&
    part[at + 1] === digest.readUInt32LE(4) &&
    part[at + 2] === digest.readUInt32LE(8) &&
    part[at + 3] === digest.readUInt32LE(12)
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

/** The smallest size that is less than half full, so that the next entry fits. */
function slotsFor(entries: number): number {
  let slots = FIRST_SLOTS;
  while (slots <= 2 * entries) slots *= 2;
  return slots;
}
