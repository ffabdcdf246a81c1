import { ClaimValidator } from '../../../src/claims/claim-validator.js';
import { ConfiguredIssuers } from '../../../src/issuers/configured-issuers.js';
import type { Issuer } from '../../../src/issuers/issuer.js';
import { MemoryDeniedKeys } from '../../../src/revocation/denied-keys.js';
import { DenyList } from '../../../src/revocation/deny-list.js';
import { KnownRevocations } from '../../../src/revocation/tokens/known-revocations.js';
import {
  Revocations,
  type RevocationOrder,
  type RevocationOutcome,
} from '../../../src/revocation/tokens/revocations.js';
import { UnsharedRevocations } from '../../../src/revocation/tokens/shared-revocations.js';
import { Rejection } from '../../../src/tokens/rejection.js';
import { TokenVerifier } from '../../../src/verification/token-verifier.js';
import { VerifiedTokenCache, type CacheUsage } from '../../../src/verification/verified-token-cache.js';
import { aJwks, aKey, type TestKey } from '../../builders/a-key.js';
import { aToken, type TokenBuilder } from '../../builders/a-token.js';
import { anIssuer } from '../../builders/an-issuer.js';
import { FakeClock } from '../../fakes/fake-clock.js';
import { RecordingAudit } from '../../fakes/recording-audit.js';
import { KeyWorld } from '../../keys/support/key-world.js';

/** Room for every token of a test. */
export const PLENTY_BYTES = 16 * 1024 ** 2;

/** An issuer whose configuration carries its keys. Other keys, another key source. */
export function issuerOf(keys: readonly TestKey[], differences: Partial<Issuer> = {}): Issuer {
  return anIssuer({
    keys: { kind: 'static', jwks: aJwks(...keys) },
    keySourceFingerprint: `corp ${keys.map(({ kid }) => kid).join(' ')}`,
    ...differences,
  });
}

/** The verifier that remembers, over real registrations, real keys and real denials. Its clock stands still. */
export class Remembering {
  readonly clock = new FakeClock();
  readonly key = aKey();
  readonly memory: VerifiedTokenCache;
  readonly denials: DenyList;
  readonly revocations: Revocations;
  readonly verifier: TokenVerifier;
  private readonly world: KeyWorld;

  constructor(limitBytes = PLENTY_BYTES) {
    const { clock } = this;
    this.memory = new VerifiedTokenCache(limitBytes);
    this.denials = new DenyList({ store: new MemoryDeniedKeys(clock), clock, audit: new RecordingAudit() });
    const known = new KnownRevocations();
    const shared = new UnsharedRevocations({ known, clock });
    const registrations = () => new Set(this.issuers.all().map(({ id }) => id));
    this.revocations = new Revocations({ known, shared, registrations, clock, audit: new RecordingAudit() });
    this.world = new KeyWorld([issuerOf([this.key])], { clock });
    this.verifier = new TokenVerifier(
      this.issuers,
      this.world.keys,
      new ClaimValidator(clock),
      this.denials,
      this.memory,
      undefined,
      undefined,
      undefined,
      this.revocations,
    );
  }

  get issuers(): ConfiguredIssuers {
    return this.world.issuers;
  }

  get usage(): CacheUsage {
    return this.memory.usage();
  }

  /** A token of the issuer that nothing is wrong with. */
  get good(): TokenBuilder {
    const { key, clock } = this;
    return aToken()
      .from('https://login.corp.example')
      .for('https://api.corp.example')
      .at(clock.wallMs() / 1000)
      .signedBy(key);
  }

  /** Replaces the registrations, as a new configuration does. */
  register(...issuers: readonly Issuer[]): void {
    this.issuers.replace(issuers);
  }

  /** Revokes what an operator names, of the first issuer; a cut-off up to now. */
  revoke(
    kind: RevocationOrder['kind'],
    value: string,
    differences: Partial<RevocationOrder> = {},
  ): Promise<RevocationOutcome> {
    return this.revocations.revoke({
      issuer: this.issuers.byId('corp')!,
      scope: { issuer: 'corp' },
      kind,
      value,
      before: kind === 'token' || kind === 'session' ? 0 : Math.floor(this.clock.wallMs() / 1_000),
      by: 'ops',
      reason: 'stolen',
      ...differences,
    });
  }

  async verdict(token: string): Promise<string> {
    const verdict = await this.verifier.verify(token);
    return verdict instanceof Rejection ? verdict.code : 'active';
  }

  /** Has this token verified twice, so that it is remembered, and which rules it has passed. @returns it */
  async remembered(token = this.good.build()): Promise<string> {
    await this.verdict(token);
    await this.verdict(token);
    if (!this.memory.find(token)) throw new Error('the token is not remembered');
    return token;
  }
}
