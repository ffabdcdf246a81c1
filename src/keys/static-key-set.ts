import type { Issuer } from '../issuers/issuer.js';
import type { StaticKeyLocation } from '../issuers/written-keys.js';
import type { Clock } from '../shared/clock.js';
import type { JsonValue } from '../shared/json-value.js';
import { pausesBy } from '../shared/pause.js';
import { strengthOf } from '../tokens/key-strength.js';
import type { JwtHeader } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';
import type { KeyEvents } from './events/key-events.js';
import { digestOfKeys, type KeyFreshness, type KeyView } from './accepted/key-freshness.js';
import { IssuerKeySet } from './issuer-key-set.js';
import { KeySet } from './accepted/key-set.js';
import { KeysUnavailable } from './key-resolver.js';
import { reportAccount } from './events/key-events.js';
import { reportsOf } from './source/key-set-account.js';
import { filterKeys, type UsableKey } from './source/parse-key-set.js';

/** Keys that the configuration carries: always fresh, never fetched, because the configuration is their evidence. */
export class StaticKeySet extends IssuerKeySet {
  private set: KeySet | undefined;
  private keys: readonly KeyView[] = [];
  private account: ReturnType<typeof reportsOf> | undefined;
  private readonly compiled: Promise<void>;

  constructor(
    private readonly issuer: Issuer,
    location: Omit<StaticKeyLocation, 'kind'>,
    private readonly clock: Clock,
    private readonly events: KeyEvents,
  ) {
    super();
    this.compiled = this.compile(location);
  }

  override known(header: JwtHeader): readonly VerificationKey[] | undefined {
    return this.set?.candidates(header, this.clock.monoMs());
  }

  override async find(header: JwtHeader): Promise<readonly VerificationKey[]> {
    await this.compiled;
    const known = this.known(header);
    // Not one usable key: the configuration is wrong, not the token.
    if (!known) throw new KeysUnavailable(this.issuer.id, RETRY_AFTER_SECONDS);
    return known;
  }

  override holds(thumbprint: string): boolean {
    return this.set?.holds(thumbprint, this.clock.monoMs()) ?? false;
  }

  override onChanged(listener: () => void): void {
    void this.compiled.then(listener);
  }

  override get areTrusted(): boolean {
    return this.set !== undefined;
  }

  override async becomeTrusted(): Promise<void> {
    await this.compiled;
  }

  override freshness(): KeyFreshness {
    const { id: issuerId } = this.issuer;
    const { keys } = this;
    const digest = digestOfKeys(keys);
    const common = { issuerId, keys, digest, waiting: 0, blockedForMs: 0, tombstones: 0, ...this.account };
    return this.set ? { ...common, state: 'FRESH', ageMs: 0 } : { ...common, state: 'COLD' };
  }

  override reconfigure(): void {
    // Nothing about these keys depends on anything but their location.
  }

  override retire(): void {
    // Nothing is under way.
  }

  private async compile(location: Omit<StaticKeyLocation, 'kind'>): Promise<void> {
    const { jwks, allowKidless = this.issuer.allowKidless, mayBeEmpty = false } = location;
    const entries = jwks.keys as readonly JsonValue[];
    const parsed = await filterKeys(entries, this.issuer.algorithms, pausesBy(this.clock));
    const { keys: published } = parsed;
    reportAccount(parsed, this.issuer.id, this.events);
    this.account = reportsOf(parsed);
    if (published.length === 0 && !mayBeEmpty) return;
    const accepted = published.map(({ key }) => ({ key, untilMs: Number.POSITIVE_INFINITY }));
    const nowMs = this.clock.wallMs();
    this.keys = published.map((each) => viewOfPublished(each, nowMs));
    this.set = new KeySet(accepted, allowKidless);
  }
}

function viewOfPublished({ key: { thumbprint, kid, issuer }, jwk }: UsableKey, nowMs: number): KeyView {
  const strength = strengthOf(jwk);
  return {
    thumbprint,
    kids: kid === undefined ? [] : [kid],
    ...(issuer !== undefined && { issuers: [issuer] }),
    ...(strength && { strength }),
    state: 'active',
    firstSeenAtMs: nowMs,
    lastSeenAtMs: nowMs,
  };
}

/** The configuration has to be changed first. */
const RETRY_AFTER_SECONDS = 60;
