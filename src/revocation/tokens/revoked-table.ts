import { randomInt } from 'node:crypto';
import { DigestTable, type TableEntry } from './digest-table.js';
import type { Revocation } from './revocation.js';

/** Issuers that a tag has room for. */
const MOST_ISSUERS = 1 << 16;

const USED = 1;
const SESSION = 2;
const ALLOWED = 4;
const READING_SHIFT = 3;
const READINGS = 1 << 8;
const ISSUER_SHIFT = 11;

/** Revoked tokens and sessions: decisions about whom nothing is kept but numbers. */
export class RevokedTable {
  private readonly table = new DigestTable(randomInt(2 ** 32));
  private readonly issuers: string[] = [];
  private readonly numbers = new Map<string, number>();
  private reading = 0;

  get size(): number {
    return this.table.size;
  }

  get bytes(): number {
    return this.table.bytes;
  }

  /** @param key `keyOf` the digest */
  isRevoked(key: string, nowSeconds: number): boolean {
    const tag = this.table.tagOf(key, nowSeconds);
    return tag !== 0 && (tag & ALLOWED) === 0;
  }

  get(digest: Buffer): Revocation | undefined {
    const entry = this.table.get(digest);
    return entry && this.decisionOf(digest, entry);
  }

  /** @returns whether there is room for one more issuer, where this is the first decision about one */
  set(decision: Revocation): boolean {
    const issuer = this.numberOf(decision.issuerId);
    if (issuer === undefined) return false;
    const flags = (decision.kind === 'session' ? SESSION : 0) | (decision.verdict === 'allowed' ? ALLOWED : 0);
    const tag = (issuer << ISSUER_SHIFT) | (this.reading << READING_SHIFT) | flags | USED;
    this.table.set(decision.digest, { until: decision.until, at: decision.at, tag: tag >>> 0 });
    return true;
  }

  /** From now on, what is set again counts as read; see {@link unread}. */
  beginReading(): void {
    this.reading = (this.reading + 1) % READINGS;
  }

  /** What was not set since {@link beginReading}, in one of `sweepTurns` parts. */
  unread(turn: number, nowSeconds: number): readonly Revocation[] {
    return this.part(turn, nowSeconds, (tag) => ((tag >>> READING_SHIFT) & (READINGS - 1)) !== this.reading);
  }

  /** What has not ended, in one of `sweepTurns` parts. */
  part(turn: number, nowSeconds: number, isWanted: (tag: number) => boolean = () => true): readonly Revocation[] {
    return this.table
      .entriesOf(turn, (tag, until) => until > nowSeconds && isWanted(tag))
      .map(({ digest, ...entry }) => this.decisionOf(digest, entry));
  }

  /** Forgets what has ended in one of `sweepTurns` parts. */
  sweep(turn: number, nowSeconds: number, onGone: (decision: Omit<Revocation, 'digest'>) => void): void {
    this.table.sweep(turn, nowSeconds, (tag) => {
      onGone(this.wordsOf(tag));
    });
  }

  private decisionOf(digest: Buffer, { until, at, tag }: TableEntry): Revocation {
    return { ...this.wordsOf(tag), digest, at, until };
  }

  private wordsOf(tag: number): Omit<Revocation, 'digest'> {
    return {
      issuerId: this.issuers[tag >>> ISSUER_SHIFT] ?? '',
      kind: (tag & SESSION) === 0 ? 'token' : 'session',
      verdict: (tag & ALLOWED) === 0 ? 'revoked' : 'allowed',
      before: 0,
      at: 0,
      until: 0,
    };
  }

  private numberOf(issuerId: string): number | undefined {
    const known = this.numbers.get(issuerId);
    if (known !== undefined || this.issuers.length >= MOST_ISSUERS) return known;
    this.issuers.push(issuerId);
    this.numbers.set(issuerId, this.issuers.length - 1);
    return this.issuers.length - 1;
  }
}
