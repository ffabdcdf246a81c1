import type { TimelessRule } from '../claims/claim-check.js';
import { Rejection } from '../tokens/rejection.js';
import { trustDomainOf } from '../tokens/spiffe-id.js';

/** Header `typ` of a JWT-SVID: absent, or one of two (JWT-SVID §2.3). */
export const svidTypes: readonly string[] = ['JWT', 'JOSE', 'none'];

/** Claims that a JWT-SVID must have (JWT-SVID §3). */
export const svidClaims: readonly string[] = ['sub', 'aud', 'exp'];

/** Algorithms of JWT-SVIDs (JWT-SVID §2.1). */
export function isSvidAlgorithm(name: string): boolean {
  return /^[RPE]S(256|384|512)$/.test(name);
}

/** What a JWT-SVID must be, beside what every token must be: nothing in its header but what is defined, and a subject of the trust domain. */
export function svidChecks(trustDomain: string): readonly TimelessRule[] {
  return [
    {
      about: { rule: 'JWT-SVID header', source: 'JWT-SVID §2', claims: [], expected: 'alg, kid, typ and nothing else' },
      check: ({ header }) =>
        header.hasMore ? new Rejection('header_invalid', 'more than alg, kid and typ') : undefined,
    },
    {
      about: {
        rule: 'SPIFFE ID',
        source: 'spiffe.trustDomain',
        claims: ['sub'],
        expected: `a SPIFFE ID of ${trustDomain}`,
      },
      check: ({ claims: { sub } }) => {
        const isOurs = typeof sub === 'string' && trustDomainOf(sub) === trustDomain;
        return isOurs ? undefined : new Rejection('rule_failed', 'sub');
      },
    },
  ];
}
