import { Rejection } from '../tokens/rejection.js';
import type { Described } from './claim-check.js';

/** RFC 9068 §2.2: all of these are required. */
const required = ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'] as const;

/** Whether an issuer promises the profile. */
export interface AccessTokenProfileTerms {
  /** The whole of RFC 9068 instead of what is common to all access tokens. */
  readonly strictAccessTokenProfile: boolean;
}

/** RFC 9068 §4: the explicit type and the whole set of claims, where the issuer promises them. */
export function refuseOutsideProfile({ strictAccessTokenProfile }: AccessTokenProfileTerms): readonly Described[] {
  return strictAccessTokenProfile ? [profile] : [];
}

const profile: Described = {
  about: {
    rule: 'access token profile',
    source: 'RFC 9068 §4 (profile: rfc9068)',
    claims: required,
    expected: `typ at+jwt, and all of ${required.join(', ')}`,
  },
  check({ header, claims }) {
    if (header.typ !== 'at+jwt') return new Rejection('token_type_not_allowed', 'the profile demands at+jwt');
    const missing = required.find((claim) => claims[claim] === undefined);
    return missing === undefined ? undefined : new Rejection('claim_missing', missing);
  },
};
