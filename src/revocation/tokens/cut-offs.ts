import { keyOf } from './digest-table.js';
import { holdsInstead, type Revocation } from './revocation.js';

const nothing: readonly Revocation[] = [];

/**
 * "What was issued up to this second is refused", for subjects, clients and issuers. Several of one subject stand beside each other, and
 * the latest of those that hold counts: so no order in which replicas learn of them makes a difference.
 */
export class CutOffs {
  /** By the digest, then by the second. */
  private readonly byDigest = new Map<string, Map<number, Revocation>>();
  private total = 0;

  get size(): number {
    return this.total;
  }

  get({ digest, before }: Pick<Revocation, 'digest' | 'before'>): Revocation | undefined {
    return this.byDigest.get(keyOf(digest))?.get(before);
  }

  /** @returns whether it holds now */
  set(decision: Revocation): boolean {
    const key = keyOf(decision.digest);
    const those = this.byDigest.get(key) ?? new Map<number, Revocation>();
    const known = those.get(decision.before);
    if (!holdsInstead(decision, known)) return false;
    if (!known) this.total++;
    those.set(decision.before, decision);
    this.byDigest.set(key, those);
    return true;
  }

  /** The latest one that is in force. @param key `keyOf` the digest */
  latest(key: string, nowSeconds: number): Revocation | undefined {
    let latest: Revocation | undefined;
    for (const each of this.byDigest.get(key)?.values() ?? nothing) {
      const isInForce = each.verdict === 'revoked' && each.until > nowSeconds;
      if (isInForce && each.before >= (latest?.before ?? 0)) latest = each;
    }
    return latest;
  }

  all(): readonly Revocation[] {
    return [...this.byDigest.values()].flatMap((those) => [...those.values()]);
  }

  /** Forgets what has ended. */
  sweep(nowSeconds: number, onGone: (decision: Revocation) => void): void {
    for (const each of this.all()) {
      if (each.until > nowSeconds) continue;
      const key = keyOf(each.digest);
      const those = this.byDigest.get(key);
      those?.delete(each.before);
      if (those?.size === 0) this.byDigest.delete(key);
      this.total--;
      onGone(each);
    }
  }
}
