import type { Issuer } from '../issuers/issuer.js';
import type { IssuerRegistry } from '../issuers/issuer-registry.js';
import type { Clock } from '../shared/clock.js';
import type { JwtHeader } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';
import { ContestedKeys } from './contested-keys.js';
import type { KeyEvents } from './events/key-events.js';
import type { IssuerKeySet } from './issuer-key-set.js';
import type { KeyFreshness } from './accepted/key-freshness.js';
import { KeyResolver, KeysUnavailable } from './key-resolver.js';
import type { RefreshOutcome } from './refresh/fetch-history.js';
import type { KeyFollower } from './refresh/refresh-scheduler.js';

/** Makes the keys of one issuer, of whatever kind. */
export type IssuerKeySetFactory = (issuer: Issuer) => IssuerKeySet;

interface Held {
  readonly fingerprint: string;
  readonly keys: IssuerKeySet;
}

/**
 * The keys of all registered issuers. Follows the registry in the same tick: keys of a removed issuer are gone at once.
 * Everything is per issuer, so that none can see, delay or use up what belongs to another (invariant I14, attack B-10).
 */
export class KeyManager extends KeyResolver {
  /** By the issuer's short id. */
  private readonly held = new Map<string, Held>();
  private readonly contested: ContestedKeys;

  constructor(
    private readonly issuers: IssuerRegistry,
    private readonly makeKeys: IssuerKeySetFactory,
    private readonly followers: readonly KeyFollower[],
    private readonly clock: Clock,
    events: KeyEvents,
  ) {
    super();
    this.contested = new ContestedKeys(issuers, this, events);
    this.issuers.onChange(() => {
      this.follow();
    });
    this.follow();
  }

  /** Starts to fetch from every issuer, each at its own pace. Nothing waits for any of them. */
  start(): void {
    for (const follower of this.followers) follower.start();
  }

  /** Ends all refreshing and whatever is under way. The keys stay as they are. */
  stop(): void {
    for (const follower of this.followers) follower.stop();
    for (const { keys } of this.held.values()) keys.retire();
  }

  /** Resolves when every critical issuer has keys, or after `longestMs`: an issuer that is down must not stop a rollout. */
  async warm(longestMs: number): Promise<void> {
    const over = new AbortController();
    const timer = this.clock.after(longestMs, () => {
      over.abort();
    });
    const critical = this.issuers.all().filter(({ criticality }) => criticality === 'critical');
    await Promise.all(critical.map(async (issuer) => this.keysOf(issuer)?.becomeTrusted(over.signal)));
    timer.cancel();
  }

  override known(issuer: Issuer, header: JwtHeader): readonly VerificationKey[] | undefined {
    return this.keysOf(issuer)?.known(header);
  }

  override async find(
    issuer: Issuer,
    header: JwtHeader,
    tried?: readonly VerificationKey[],
  ): Promise<readonly VerificationKey[]> {
    const keys = this.keysOf(issuer);
    // Removed or changed while its token was being verified: the next attempt meets the new state of affairs.
    if (!keys) throw new KeysUnavailable(issuer.id, 1);
    return keys.find(header, tried);
  }

  override holds(issuer: Issuer, thumbprint: string): boolean {
    return this.keysOf(issuer)?.holds(thumbprint) ?? false;
  }

  override used(issuer: Issuer, thumbprint: string): void {
    this.keysOf(issuer)?.used?.(thumbprint);
  }

  /** Whether there is a key set of `issuer` that may be trusted now. */
  hasKeys(issuer: Issuer): boolean {
    return this.keysOf(issuer)?.areTrusted ?? false;
  }

  /** The state of the keys of each issuer, in the order of the configuration. */
  freshness(): readonly KeyFreshness[] {
    return this.issuers.all().flatMap((issuer) => this.keysOf(issuer)?.freshness() ?? []);
  }

  /** The state of the keys of one issuer. */
  freshnessOf(issuer: Issuer): KeyFreshness | undefined {
    return this.keysOf(issuer)?.freshness();
  }

  /** Fetches from an issuer, if its budget allows it now. @returns undefined for keys that are not fetched */
  async refreshNow(issuer: Issuer): Promise<RefreshOutcome | undefined> {
    return this.keysOf(issuer)?.refresher?.refreshNow();
  }

  private keysOf(issuer: Issuer): IssuerKeySet | undefined {
    const held = this.held.get(issuer.id);
    return held?.fingerprint === issuer.keySourceFingerprint ? held.keys : undefined;
  }

  private follow(): void {
    for (const [id, held] of this.held) {
      if (this.issuers.byId(id)?.keySourceFingerprint !== held.fingerprint) this.drop(id, held);
    }
    for (const issuer of this.issuers.all()) {
      const keys = this.keysOf(issuer);
      if (keys) keys.reconfigure(issuer);
      else this.add(issuer);
    }
    this.contested.compareAll();
  }

  private add(issuer: Issuer): void {
    const keys = this.makeKeys(issuer);
    this.held.set(issuer.id, { fingerprint: issuer.keySourceFingerprint, keys });
    if (keys.refresher) for (const follower of this.followers) follower.add(keys.refresher);
    keys.onChanged(() => {
      this.contested.compare(issuer);
    });
  }

  private drop(id: string, { keys }: Held): void {
    this.held.delete(id);
    if (keys.refresher) for (const follower of this.followers) follower.remove(keys.refresher);
    keys.retire();
  }
}
