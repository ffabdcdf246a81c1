import type { KeyRecord, RecordedKey } from './key-record.js';
import type { KeyRecordDraft } from './merge-key-sets.js';

/** What happened to one key of an issuer, and when it was seen: times of the store's clock, in milliseconds. */
export interface KeyChange {
  readonly change: 'added' | 'retiring' | 'stayed' | 'removed' | 'returning' | 'returned' | 'kid_reused';
  readonly thumbprint: string;
  readonly firstSeenMs: number;
  /** Start of the latest fetch that saw it published. */
  readonly lastSeenMs: number;
}

/** Which keys changed from one record to the next, for reports to operators. */
export function keyChanges(before: KeyRecord | undefined, after: KeyRecordDraft): readonly KeyChange[] {
  const earlier = byThumbprint(before?.keys ?? []);
  const later = byThumbprint(after.keys);
  const changes: KeyChange[] = [];
  for (const [thumbprint, key] of later) {
    const change = changeOf(earlier.get(thumbprint), key);
    if (change) changes.push(changed(change, key));
    if (change === 'added' && sharesKid(key, earlier)) changes.push(changed('kid_reused', key));
  }
  for (const [thumbprint, key] of earlier) if (!later.has(thumbprint)) changes.push(changed('removed', key));
  return changes;
}

function changed(change: KeyChange['change'], { thumbprint, firstSeenMs, lastSeenMs }: RecordedKey): KeyChange {
  return { change, thumbprint, firstSeenMs, lastSeenMs };
}

function changeOf(before: RecordedKey | undefined, after: RecordedKey): KeyChange['change'] | undefined {
  const was = before?.state.name;
  const is = after.state.name;
  if (was === is) return undefined;
  if (is !== 'active') return is;
  if (was === 'retiring') return 'stayed';
  return was === 'returning' ? 'returned' : 'added';
}

/** A name given to another key than before: legal (RFC 7517 §4.5), and the reason for bad signatures. */
function sharesKid({ jwks }: RecordedKey, earlier: ReadonlyMap<string, RecordedKey>): boolean {
  const kids = new Set(jwks.map(({ kid }) => kid));
  return [...earlier.values()].some((key) => key.jwks.some(({ kid }) => kid !== undefined && kids.has(kid)));
}

function byThumbprint(keys: readonly RecordedKey[]): ReadonlyMap<string, RecordedKey> {
  return new Map(keys.map((key) => [key.thumbprint, key]));
}
