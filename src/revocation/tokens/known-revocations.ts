import { CutOffs } from './cut-offs.js';
import { sweepTurns } from './digest-table.js';
import { RevocationCounts } from './revocation-counts.js';
import { cutOffKinds, idOf, joined, type Revocation } from './revocation.js';
import { RevokedTable } from './revoked-table.js';
import { TakenPlaces } from './taken-places.js';

/** Every decision that this replica knows, its own and those of others, until no token can be left that it is about. */
export class KnownRevocations {
  private readonly table = new RevokedTable();
  private readonly cutOffs = new CutOffs();
  private turn = 0;
  /** Cut-offs that were set since {@link beginReading}, by their ids. */
  private readCutOffs = new Set<string>();
  /** Of decisions to revoke. */
  readonly counts = new RevocationCounts();
  /** Of all decisions. */
  readonly places = new TakenPlaces();

  /** Decisions, those to allow again included. */
  get size(): number {
    return this.table.size + this.cutOffs.size;
  }

  get cutOffCount(): number {
    return this.cutOffs.size;
  }

  /** What tokens and sessions occupy. */
  get bytes(): number {
    return this.table.bytes;
  }

  /** What is known about the same as `decision`. */
  get(decision: Pick<Revocation, 'kind' | 'digest' | 'before'>): Revocation | undefined {
    return cutOffKinds.has(decision.kind) ? this.cutOffs.get(decision) : this.table.get(decision.digest);
  }

  /** Whether this token or session is revoked. Makes nothing that would have to be collected. @param key `keyOf` the digest */
  isRevoked(key: string, nowSeconds: number): boolean {
    return this.table.isRevoked(key, nowSeconds);
  }

  /** The latest cut-off that is in force. @param key `keyOf` the digest */
  latestCutOff(key: string, nowSeconds: number): Revocation | undefined {
    return this.cutOffs.latest(key, nowSeconds);
  }

  /** Takes a decision over, or what it and the one that is known amount to. @returns whether it is news */
  adopt(decision: Revocation): boolean {
    const known = this.get(decision);
    const holding = joined(decision, known);
    const isNews = !known || !isSame(holding, known);
    // What is known already is set as well: then it counts as read. Not so where the log has an older one: it lacks what is known here.
    if (!isNews && !isSame(decision, known)) return false;
    if (!this.keep(holding)) return false;
    if (!known) this.places.add(decision.issuerId, decision.kind, 1);
    if (!isNews) return false;
    if (known?.verdict === 'revoked') this.counts.add(known.issuerId, known.kind, -1);
    if (holding.verdict === 'revoked') this.counts.add(decision.issuerId, decision.kind, 1);
    return true;
  }

  /** From now on, what is adopted counts as read; see {@link unread}. */
  beginReading(): void {
    this.readCutOffs = new Set();
    this.table.beginReading();
  }

  /** What was not adopted since {@link beginReading}, in one of `sweepTurns` parts. */
  unread(turn: number, nowSeconds: number): readonly Revocation[] {
    const unreadCutOffs = turn === 0 ? this.cutOffs.all().filter((each) => !this.readCutOffs.has(idOf(each))) : [];
    return [...unreadCutOffs.filter(({ until }) => until > nowSeconds), ...this.table.unread(turn, nowSeconds)];
  }

  /** What has not ended of one issuer: first cut-offs, then tokens and sessions in no order. One of `sweepTurns` parts. */
  part(turn: number, issuerId: string, nowSeconds: number): readonly Revocation[] {
    const all = [...(turn === 0 ? this.cutOffs.all() : []), ...this.table.part(turn, nowSeconds)];
    return all.filter((each) => each.issuerId === issuerId && each.until > nowSeconds);
  }

  /** Forgets what has ended: cut-offs at once, the rest a part at a time. */
  sweep(nowSeconds: number): void {
    const forget = ({ issuerId, kind, verdict }: Omit<Revocation, 'digest'>): void => {
      this.places.add(issuerId, kind, -1);
      if (verdict === 'revoked') this.counts.add(issuerId, kind, -1);
    };
    this.cutOffs.sweep(nowSeconds, forget);
    this.table.sweep(this.turn, nowSeconds, forget);
    this.turn = (this.turn + 1) % sweepTurns;
  }

  private keep(decision: Revocation): boolean {
    if (!cutOffKinds.has(decision.kind)) return this.table.set(decision);
    this.cutOffs.set(decision);
    this.readCutOffs.add(idOf(decision));
    return true;
  }
}

/** Whether both are the same decision about the same. */
function isSame(one: Revocation, other: Revocation): boolean {
  return one.at === other.at && one.verdict === other.verdict && one.until === other.until;
}
