import { Rejection } from '../tokens/rejection.js';
import type { ClaimCheck } from './claim-policy.js';
import type { RuleText } from './claim-step.js';

/** RFC 9068 §2.2: all of these are required. */
const required = ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'] as const;

export const profileText: RuleText = {
  rule: 'access token profile',
  source: 'RFC 9068 §4 (profile: rfc9068)',
  claims: required,
  expected: `typ at+jwt, and all of ${required.join(', ')}`,
};

/** RFC 9068 §4: the explicit type and the whole set of claims. */
export const refuseOutsideProfile: ClaimCheck = ({ header, claims }) => {
  if (header.typ !== 'at+jwt') return new Rejection('token_type_not_allowed', 'the profile demands at+jwt');
  const missing = required.find((claim) => claims[claim] === undefined);
  return missing === undefined ? undefined : new Rejection('claim_missing', missing);
};
