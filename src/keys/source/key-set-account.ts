import { isJsonObject, type JsonValue } from '../../shared/json-value.js';
import type { CertificateDoubt } from '../../tokens/certificate-doubt.js';
import type { JwkDefectReason } from '../../tokens/jwk-defect.js';
import { MAX_KID_LENGTH } from '../../tokens/unverified-jwt.js';

/** Why an entry of a key set is not used. */
export type DropReason = JwkDefectReason | 'too_many' | 'too_large';

/** What operators get to know of the entries of a key set that are not as they should be. */
export interface KeySetAccount {
  /** How many entries are not used, and why. */
  readonly dropped: ReadonlyMap<DropReason, number>;
  /** How many keys are used although something beside them is odd, and what. */
  readonly doubted?: ReadonlyMap<CertificateDoubt, number>;
  /** Some names of these entries, as they were published; for the admin API only. */
  readonly kids?: ReadonlyMap<DropReason | CertificateDoubt, readonly string[]>;
}

/** Entries for which one thing can be said, as the admin API shows them. */
export interface EntryReport {
  readonly reason: DropReason | CertificateDoubt;
  readonly count: number;
  /** At most {@link MOST_KIDS}, as they were published. */
  readonly kids: readonly string[];
}

/** Names that are kept for each reason: enough to find the key, and few enough to keep. */
const MOST_KIDS = 5;

/** Gathers the account of a set, entry by entry. */
export class AccountOfEntries implements KeySetAccount {
  readonly dropped = new Map<DropReason, number>();
  readonly doubted = new Map<CertificateDoubt, number>();
  readonly kids = new Map<DropReason | CertificateDoubt, string[]>();

  drop(reason: DropReason, entry: JsonValue): void {
    this.dropped.set(reason, (this.dropped.get(reason) ?? 0) + 1);
    this.name(reason, entry);
  }

  /** @param count of entries that nobody looked at; none where it is not positive */
  dropUnread(count: number): void {
    if (count > 0) this.dropped.set('too_many', (this.dropped.get('too_many') ?? 0) + count);
  }

  doubt(doubt: CertificateDoubt, entry: JsonValue): void {
    this.doubted.set(doubt, (this.doubted.get(doubt) ?? 0) + 1);
    this.name(doubt, entry);
  }

  private name(reason: DropReason | CertificateDoubt, entry: JsonValue): void {
    const kid = isJsonObject(entry) ? entry['kid'] : undefined;
    const kids = this.kids.get(reason) ?? [];
    if (typeof kid !== 'string' || kid.length > MAX_KID_LENGTH || kids.length >= MOST_KIDS) return;
    this.kids.set(reason, [...kids, kid]);
  }
}

/** The account as the admin API shows it: what is not used, and what is used in spite of a doubt. */
export function reportsOf(account: KeySetAccount): {
  readonly dropped: readonly EntryReport[];
  readonly doubted: readonly EntryReport[];
} {
  const reports = (counts: ReadonlyMap<EntryReport['reason'], number>): readonly EntryReport[] =>
    [...counts].map(([reason, count]) => ({ reason, count, kids: account.kids?.get(reason) ?? [] }));
  return { dropped: reports(account.dropped), doubted: reports(account.doubted ?? new Map()) };
}
