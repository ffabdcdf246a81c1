import type { Issuer } from '../issuers/issuer.js';
import type { Host } from '../telemetry/host.js';
import { linkActiveSpan } from '../telemetry/tracing/child-span.js';
import type { JwtHeader } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';
import type { KeyFreshness } from './accepted/key-freshness.js';
import type { BulkheadPartition } from './bulkhead.js';
import type { KeyEvents, MissOutcome } from './events/key-events.js';
import { IssuerKeySet } from './issuer-key-set.js';
import { KeysUnavailable, KeyUndetermined } from './key-resolver.js';
import { COLD_WAIT_MS, MISS_GATE_MS, MISS_WAIT_MS } from './key-timing.js';
import type { KeyRefresher } from './refresh/key-refresher.js';
import type { LocalRecord } from './refresh/local-record.js';

/** What a {@link RemoteKeySet} works with. */
export interface RemoteKeySetParts extends Pick<Host, 'clock'> {
  readonly local: LocalRecord;
  readonly refresher: KeyRefresher;
  readonly bulkhead: BulkheadPartition;
  readonly events: KeyEvents;
}

/** Why there was no fetch to wait for. */
type Obstacle = Exclude<MissOutcome, 'resolved' | 'absent'>;

/**
 * The keys of one issuer that publishes them. A known key costs a lookup in memory and never waits (invariant I10); an
 * unknown one costs at most one bounded wait for a fetch that all requests share.
 */
export class RemoteKeySet extends IssuerKeySet {
  override readonly refresher: KeyRefresher;
  private readonly local: LocalRecord;
  private missGateMs = Number.NEGATIVE_INFINITY;

  constructor(
    private issuer: Issuer,
    private readonly parts: RemoteKeySetParts,
  ) {
    super();
    this.refresher = parts.refresher;
    this.local = parts.local;
  }

  override known(header: JwtHeader): readonly VerificationKey[] | undefined {
    const nowMs = this.parts.clock.monoMs();
    this.refresher.usedAtMs = nowMs;
    return this.local.trusted?.set.candidates(header, nowMs);
  }

  override async find(header: JwtHeader, tried: readonly VerificationKey[] = []): Promise<readonly VerificationKey[]> {
    const known = this.untried(header, tried);
    // A bad `alg` under a known `kid` is the token's fault: it must not spend the budget of unknown keys.
    if (known && (known.length > 0 || this.isNamed(header))) return known;
    const obstacle = await (known ? this.awaitMiss() : this.awaitFirst());
    const found = this.untried(header, tried);
    const issuerId = this.issuer.id;
    if (!found) {
      const reason = this.local.accepted ? 'expired' : 'cold';
      this.parts.events.report({ event: 'unavailable', issuerId, reason });
      throw new KeysUnavailable(issuerId, wholeSeconds(this.refresher.outlook.blockedForMs));
    }
    if (!known) return found;
    const isUndetermined = found.length === 0 && (this.refresher.outlook.isFailing || obstacle === 'failed');
    const outcome = found.length > 0 ? 'resolved' : (obstacle ?? (isUndetermined ? 'failed' : 'absent'));
    this.parts.events.report({ event: 'missed', issuerId, outcome });
    if (isUndetermined) throw new KeyUndetermined(issuerId, wholeSeconds(this.refresher.outlook.missBlockedForMs));
    return found;
  }

  override holds(thumbprint: string): boolean {
    return this.local.trusted?.set.holds(thumbprint, this.parts.clock.monoMs()) ?? false;
  }

  override onChanged(listener: () => void): void {
    this.refresher.onRefreshed(listener);
  }

  override used(thumbprint: string): void {
    this.local.recordUse(thumbprint);
  }

  override get areTrusted(): boolean {
    return this.local.trusted !== undefined;
  }

  override async becomeTrusted(signal: AbortSignal): Promise<void> {
    for (let isFirst = true; !this.areTrusted && !signal.aborted; isFirst = false) {
      if (!isFirst) await this.parts.clock.sleep(this.refresher.nextRefreshInMs() + 1, signal);
      await this.refresher.refresh();
    }
  }

  override freshness(): KeyFreshness {
    const waiting = this.parts.bulkhead.size;
    return { issuerId: this.issuer.id, ...this.local.view(), ...this.refresher.view(), waiting };
  }

  override reconfigure(issuer: Issuer): void {
    this.issuer = issuer;
    this.refresher.reconfigure(issuer);
  }

  override retire(): void {
    this.refresher.retire();
  }

  private untried(header: JwtHeader, tried: readonly VerificationKey[]): readonly VerificationKey[] | undefined {
    const known = this.known(header);
    return tried.length === 0 ? known : known?.filter((key) => !tried.includes(key));
  }

  private isNamed(header: JwtHeader): boolean {
    return this.local.trusted?.set.names(header, this.parts.clock.monoMs()) ?? false;
  }

  /** There are no keys that may be trusted: all requests wait for the one fetch, unless it is known to be denied. */
  private async awaitFirst(): Promise<Obstacle | undefined> {
    if (!this.refresher.isRefreshing && this.refresher.outlook.blockedForMs > 0) return 'backoff';
    return this.wait(this.refresher.fetch('refresh'), COLD_WAIT_MS);
  }

  /**
   * An unknown key. The whole set is fetched, so the fetch that an attacker's token pays for also serves the honest
   * token behind it; nothing is remembered about the `kid` itself.
   */
  private async awaitMiss(): Promise<Obstacle | undefined> {
    if (!this.refresher.isRefreshing) {
      const nowMs = this.parts.clock.monoMs();
      if (nowMs < this.missGateMs) return 'gated';
      this.missGateMs = nowMs + MISS_GATE_MS;
    }
    return this.wait(this.refresher.fetch('miss'), MISS_WAIT_MS);
  }

  /** @returns what kept the request from the fetch that it waited for, or from waiting */
  private async wait(fetching: Promise<void>, longestMs: number): Promise<Obstacle | undefined> {
    linkActiveSpan(this.refresher.cause);
    if (!(await this.parts.bulkhead.wait(fetching, longestMs))) {
      this.parts.events.report({ event: 'shed', issuerId: this.issuer.id });
      return 'shed';
    }
    if (this.refresher.isRefreshing) return 'failed';
    const { deniedAs } = this.refresher.outlook;
    if (deniedAs === 'LIMITED') return 'limited';
    return deniedAs === 'BACKOFF' ? 'backoff' : undefined;
  }
}

/** For `Retry-After`: never sooner than it makes sense, and at least 1. */
function wholeSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}
