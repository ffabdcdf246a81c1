import type { ClaimTerms } from '../../src/claims/claim-terms.js';
import { compileClaimPolicy } from '../../src/claims/compile-claim-policy.js';
import type { Issuer } from '../../src/issuers/issuer.js';
import { algorithmNames } from '../../src/tokens/algorithms.js';

/** The terms of a test's issuer: half a minute of tolerance, a day of life, one audience. */
export const usualTerms: ClaimTerms = {
  clockToleranceSeconds: 30,
  maxLifetimeSeconds: 86_400,
  audiences: new Set(['https://api.corp.example']),
};

/** A prepared issuer without the configuration that it would come from. */
export function anIssuer(differences: Partial<Issuer> = {}, terms: Partial<ClaimTerms> = {}): Issuer {
  const all = { ...usualTerms, ...terms };
  return {
    id: 'corp',
    issuer: 'https://login.corp.example',
    algorithms: new Set(algorithmNames),
    tokenTypes: new Set(['at+jwt', 'jwt', 'none']),
    policy: compileClaimPolicy(all),
    callerPolicy: (audience) =>
      compileClaimPolicy({ ...all, audiences: new Set([audience]), rules: [], requiredClaims: [] }),
    keys: { kind: 'static', jwks: { keys: [] } },
    freshness: {
      refreshMs: 300_000,
      hardTtlMs: 14_400_000,
      missCooldownMs: 30_000,
      missBurst: 3,
      minSpacingMs: 2_000,
      removal: 'confirm',
    },
    network: { allowPrivate: false },
    deniedKeys: new Set(),
    criticality: 'normal',
    keySourceFingerprint: 'fingerprint',
    ...differences,
  };
}
