import type { Issuer } from '../issuers/issuer.js';
import type { Clock } from '../shared/clock.js';
import type { JwtHeader } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';
import { IssuerKeySet } from './issuer-key-set.js';
import type { KeyEvents, MissOutcome } from './events/key-events.js';
import { digestOfKeys, type KeyFreshness, type KeyView } from './accepted/key-freshness.js';
import type { RecordedKey } from './record/key-record.js';
import { COLD_WAIT_MS, MISS_GATE_MS, MISS_WAIT_MS } from './key-timing.js';
import type { KeyRefresher } from './refresh/key-refresher.js';
import { KeysUnavailable } from './keys-unavailable.js';
import type { BulkheadPartition } from './bulkhead.js';

/** Why there was no fetch to wait for. */
type Obstacle = Exclude<MissOutcome, 'resolved' | 'absent'>;

/**
 * The keys of one issuer that publishes them. A known key costs a lookup in memory and never waits (invariant I10); an
 * unknown one costs at most one bounded wait for a fetch that everybody shares.
 */
export class RemoteKeySet extends IssuerKeySet {
  private missGateMs = Number.NEGATIVE_INFINITY;

  constructor(
    private issuer: Issuer,
    override readonly refresher: KeyRefresher,
    private readonly bulkhead: BulkheadPartition,
    private readonly clock: Clock,
    private readonly events: KeyEvents,
  ) {
    super();
  }

  override known(header: JwtHeader): readonly VerificationKey[] | undefined {
    const nowMs = this.clock.monoMs();
    this.refresher.usedAtMs = nowMs;
    return this.refresher.local.trusted?.set.candidates(header, nowMs);
  }

  override async find(header: JwtHeader): Promise<readonly VerificationKey[]> {
    const known = this.known(header);
    // A bad `alg` under a known `kid` is the token's fault: it must not spend the budget of unknown keys.
    if (known && (known.length > 0 || this.isNamed(header))) return known;
    const obstacle = await (known ? this.awaitMiss() : this.awaitFirst());
    const found = this.known(header);
    const issuerId = this.issuer.id;
    if (!found) {
      const reason = this.refresher.local.accepted ? 'expired' : 'cold';
      this.events.report({ event: 'unavailable', issuerId, reason });
      throw new KeysUnavailable(issuerId, Math.max(1, Math.ceil(this.refresher.blockedForMs / 1_000)));
    }
    if (known) {
      const outcome = found.length > 0 ? 'resolved' : (obstacle ?? 'absent');
      this.events.report({ event: 'missed', issuerId, outcome });
    }
    return found;
  }

  override used(thumbprint: string): void {
    this.refresher.local.use.record(thumbprint, this.clock.monoMs());
  }

  override get areTrusted(): boolean {
    return this.refresher.local.trusted !== undefined;
  }

  override async becomeTrusted(signal: AbortSignal): Promise<void> {
    for (let isFirst = true; !this.areTrusted && !signal.aborted; isFirst = false) {
      if (!isFirst) await this.clock.sleep(this.refresher.nextRefreshInMs() + 1, signal);
      await this.refresher.refresh();
    }
  }

  override freshness(): KeyFreshness {
    const { accepted, record, timing } = this.refresher.local;
    const nowMs = this.clock.monoMs();
    const keys = record?.keys.map((key) => this.view(key)) ?? [];
    return {
      issuerId: this.issuer.id,
      state: accepted?.state(nowMs, timing) ?? 'COLD',
      digest: digestOfKeys(keys),
      keys,
      nextRefreshInMs: this.refresher.nextRefreshInMs(),
      blockedForMs: this.refresher.blockedForMs,
      tombstones: record?.tombstones.length ?? 0,
      waiting: this.bulkhead.size,
      ...(accepted ? { ageMs: nowMs - accepted.observedMs } : {}),
      ...(record ? { fence: record.fence } : {}),
      ...this.refresher.history.view(),
    };
  }

  override reconfigure(issuer: Issuer): void {
    this.issuer = issuer;
    this.refresher.reconfigure(issuer);
  }

  override retire(): void {
    this.refresher.retire();
  }

  private isNamed(header: JwtHeader): boolean {
    return this.refresher.local.trusted?.set.names(header, this.clock.monoMs()) ?? false;
  }

  /** There are no keys that may be trusted: everybody waits for the one fetch, unless it is known to be refused. */
  private async awaitFirst(): Promise<Obstacle | undefined> {
    if (!this.refresher.isRefreshing && this.refresher.blockedForMs > 0) return 'backoff';
    return this.wait(this.refresher.fetch('refresh'), COLD_WAIT_MS);
  }

  /**
   * An unknown key. The whole set is fetched, so the fetch that an attacker's token pays for also serves the honest
   * token behind it; nothing is remembered about the `kid` itself (key-lifecycle 5.6).
   */
  private async awaitMiss(): Promise<Obstacle | undefined> {
    if (!this.refresher.isRefreshing) {
      if (this.clock.monoMs() < this.missGateMs) return 'gated';
      this.missGateMs = this.clock.monoMs() + MISS_GATE_MS;
    }
    return this.wait(this.refresher.fetch('miss'), MISS_WAIT_MS);
  }

  /** @returns what kept the request from the fetch that it waited for, or from waiting */
  private async wait(fetching: Promise<void>, longestMs: number): Promise<Obstacle | undefined> {
    if (!(await this.bulkhead.wait(fetching, longestMs))) {
      this.events.report({ event: 'shed', issuerId: this.issuer.id });
      return 'shed';
    }
    const { deniedAs: refusedAs } = this.refresher;
    if (refusedAs === 'LIMITED') return 'limited';
    return refusedAs === 'BACKOFF' ? 'backoff' : undefined;
  }

  private view({ thumbprint, jwks, state, firstSeenMs, lastSeenMs }: RecordedKey): KeyView {
    const behindMs = this.clock.wallMs() - this.clock.monoMs();
    return {
      thumbprint,
      kids: jwks.map(({ kid }) => kid).filter((kid) => typeof kid === 'string'),
      state: state.name,
      firstSeenAtMs: this.refresher.local.toMonoMs(firstSeenMs) + behindMs,
      lastSeenAtMs: this.refresher.local.toMonoMs(lastSeenMs) + behindMs,
    };
  }
}
