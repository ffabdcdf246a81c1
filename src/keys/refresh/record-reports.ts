import { digestOfRecord } from '../accepted/key-freshness.js';
import type { KeyEvents } from '../events/key-events.js';
import { keyChanges } from '../record/key-changes.js';
import { isAcceptable, type KeyRecord } from '../record/key-record.js';
import type { KeyRecordDraft } from '../record/merge-key-sets.js';
import type { CommitVerdict } from '../store/key-store.js';

/** A key that signed a token this lately is in use, in milliseconds: longer than most tokens live. */
const IN_USE_MS = 10 * 60 * 1_000;

/**
 * Reports what happens to the record of one issuer: what a fetch changed, what was stored, what came into use here, and
 * whether a key that tokens are signed with is gone.
 */
export class RecordReports {
  /** When a token was last signed with a key, monotonic, by thumbprint. Bounded by the keys that are accepted. */
  private readonly usedAtMs = new Map<string, number>();

  constructor(
    private readonly issuerId: string,
    private readonly events: KeyEvents,
  ) {}

  /** @param nowMs monotonic time */
  used(thumbprint: string, nowMs: number): void {
    this.usedAtMs.set(thumbprint, nowMs);
  }

  committed(verdict: CommitVerdict): void {
    this.events.report({ event: 'committed', issuerId: this.issuerId, verdict });
  }

  /**
   * A fetch of this replica has made `after` of `before`.
   * @param behindMs wall time minus the times of the record
   */
  changed(before: KeyRecord | undefined, after: KeyRecordDraft, behindMs: number): void {
    const { issuerId, events } = this;
    const changes = keyChanges(before, after);
    const digests = { ...(before && { digestBefore: digestOfRecord(before) }), digestAfter: digestOfRecord(after) };
    for (const { firstSeenMs, lastSeenMs, ...change } of changes) {
      const seen = { firstSeenAtMs: firstSeenMs + behindMs, lastSeenAtMs: lastSeenMs + behindMs };
      events.report({ event: 'key', issuerId, ...change, ...seen, ...digests });
    }
    const removed = changes.filter(({ change }) => change === 'removed').length;
    const left = after.keys.filter(isAcceptable).length;
    if (removed > 1 && removed >= left) events.report({ event: 'mass_removal', issuerId, removed, left });
  }

  /**
   * The keys of a record are in use now.
   * @param observedMs monotonic time at which the fetch began that proved them published
   * @param nowMs monotonic time
   */
  adopted({ keys }: KeyRecord, observedMs: number, nowMs: number): void {
    const { issuerId, events } = this;
    events.report({ event: 'adopted', issuerId, afterMs: nowMs - observedMs });
    const accepted = new Set(keys.filter(isAcceptable).map(({ thumbprint }) => thumbprint));
    for (const [thumbprint, usedAtMs] of [...this.usedAtMs]) {
      if (accepted.has(thumbprint)) continue;
      this.usedAtMs.delete(thumbprint);
      const usedAgoMs = nowMs - usedAtMs;
      if (usedAgoMs <= IN_USE_MS) events.report({ event: 'removed_in_use', issuerId, thumbprint, usedAgoMs });
    }
  }
}
