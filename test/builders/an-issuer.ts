import { termsForCaller, type ClaimTerms } from '../../src/claims/claim-checks.js';
import { compileClaimPolicy } from '../../src/claims/claim-policy.js';
import type { Issuer } from '../../src/issuers/issuer.js';
import { algorithmNames } from '../../src/tokens/algorithms.js';
import { someTerms } from './claim-terms.js';

/** A prepared issuer without the configuration that it would come from. */
export function anIssuer(differences: Partial<Issuer> = {}, terms: Partial<ClaimTerms> = {}): Issuer {
  const all = someTerms(terms);
  return {
    id: 'corp',
    issuer: 'https://login.corp.example',
    metadataIssuers: [],
    algorithms: new Set(algorithmNames),
    tokenTypes: new Set(['at+jwt', 'jwt', 'none']),
    names: all.names,
    policy: compileClaimPolicy(all),
    callerPolicy: (audience) => compileClaimPolicy(termsForCaller(all, audience)),
    keys: { kind: 'static', jwks: { keys: [] } },
    allowKidless: false,
    freshness: {
      refreshMs: 300_000,
      hardTtlMs: 14_400_000,
      missCooldownMs: 30_000,
      missBurst: 3,
      minSpacingMs: 2_000,
      removal: 'confirm',
    },
    network: { allowPrivate: false },
    revocation: {
      quota: 500_000,
      maxLifetimeSeconds: all.maxLifetimeSeconds,
      clockToleranceSeconds: all.clockToleranceSeconds,
    },
    deniedKeys: new Set(),
    criticality: 'normal',
    keySourceFingerprint: 'fingerprint',
    ...differences,
  };
}
