import type { Issuer } from '../issuers/issuer.js';
import type { Clock } from '../shared/clock.js';
import type { JwtHeader } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';
import { IssuerKeys } from './issuer-keys.js';
import { digestOfKeys, type KeyFreshness, type KeyView } from './key-freshness.js';
import type { RecordedKey } from './store/key-record.js';
import { COLD_WAIT_MS, MISS_GATE_MS, MISS_WAIT_MS } from './refresh/key-timing.js';
import type { KeyWatch } from './refresh/key-watch.js';
import { KeysUnavailable } from './keys-unavailable.js';
import type { Seats } from './waiting-room.js';

/**
 * The keys of one issuer that publishes them. A known key costs a lookup in memory and never waits (invariant I10); an
 * unknown one costs at most one bounded wait for a look that everybody shares.
 */
export class FetchedKeys extends IssuerKeys {
  private missGateMs = Number.NEGATIVE_INFINITY;

  constructor(
    private issuer: Issuer,
    override readonly watch: KeyWatch,
    private readonly seats: Seats,
    private readonly clock: Clock,
  ) {
    super();
  }

  override known(header: JwtHeader): readonly VerificationKey[] | undefined {
    const nowMs = this.clock.monoMs();
    this.watch.usedAtMs = nowMs;
    return this.watch.local.trusted?.set.candidates(header, nowMs);
  }

  override async find(header: JwtHeader): Promise<readonly VerificationKey[]> {
    const known = this.known(header);
    // A bad `alg` under a known `kid` is the token's fault: it must not spend the budget of unknown keys.
    if (known && (known.length > 0 || this.isNamed(header))) return known;
    await (known ? this.awaitMiss() : this.awaitFirst());
    const found = this.known(header);
    if (!found) throw new KeysUnavailable(this.issuer.id, Math.max(1, Math.ceil(this.watch.blockedForMs / 1_000)));
    return found;
  }

  override get areTrusted(): boolean {
    return this.watch.local.trusted !== undefined;
  }

  override async becomeTrusted(signal: AbortSignal): Promise<void> {
    for (let isFirst = true; !this.areTrusted && !signal.aborted; isFirst = false) {
      if (!isFirst) await this.clock.sleep(this.watch.nextLookInMs() + 1, signal);
      await this.watch.refresh();
    }
  }

  override freshness(): KeyFreshness {
    const { accepted, record, timing } = this.watch.local;
    const nowMs = this.clock.monoMs();
    const keys = record?.keys.map((key) => this.view(key)) ?? [];
    return {
      issuerId: this.issuer.id,
      state: accepted?.state(nowMs, timing) ?? 'COLD',
      digest: digestOfKeys(keys),
      keys,
      nextLookInMs: this.watch.nextLookInMs(),
      waiting: this.seats.size,
      ...(accepted ? { ageMs: nowMs - accepted.observedMs } : {}),
      ...(record ? { fence: record.fence } : {}),
      ...this.watch.history.view(),
    };
  }

  override reconfigure(issuer: Issuer): void {
    this.issuer = issuer;
    this.watch.reconfigure(issuer);
  }

  override retire(): void {
    this.watch.retire();
  }

  private isNamed(header: JwtHeader): boolean {
    return this.watch.local.trusted?.set.names(header, this.clock.monoMs()) ?? false;
  }

  /** There are no keys that may be trusted: everybody waits for the one look, unless it is known to be refused. */
  private async awaitFirst(): Promise<void> {
    if (!this.watch.isLooking && this.watch.blockedForMs > 0) return;
    await this.seats.wait(this.watch.look('refresh'), COLD_WAIT_MS);
  }

  /**
   * An unknown key. The whole set is looked at, so the look that an attacker's token pays for also serves the honest
   * token behind it; nothing is remembered about the `kid` itself (key-lifecycle 5.6).
   */
  private async awaitMiss(): Promise<void> {
    if (!this.watch.isLooking) {
      if (this.clock.monoMs() < this.missGateMs) return;
      this.missGateMs = this.clock.monoMs() + MISS_GATE_MS;
    }
    await this.seats.wait(this.watch.look('miss'), MISS_WAIT_MS);
  }

  private view({ thumbprint, jwks, standing, firstSeenMs, lastSeenMs }: RecordedKey): KeyView {
    const behindMs = this.clock.wallMs() - this.clock.monoMs();
    return {
      thumbprint,
      kids: jwks.map(({ kid }) => kid).filter((kid) => typeof kid === 'string'),
      standing: standing.name,
      firstSeenAtMs: this.watch.local.toMonoMs(firstSeenMs) + behindMs,
      lastSeenAtMs: this.watch.local.toMonoMs(lastSeenMs) + behindMs,
    };
  }
}
