import type { Caller } from '../../src/callers/caller.js';
import { introspectionAnswer } from '../../src/introspection/introspection-answer.js';
import type { Active, Inactive, IntrospectionResult } from '../../src/introspection/introspector.js';
import type { Issuer } from '../../src/issuers/issuer.js';
import type { UnverifiedJwt } from '../../src/tokens/unverified-jwt.js';
import type { GoodToken } from '../../src/verification/good-token.js';

/** An `Active` holds a token whose signature was checked. */
export function makeActive(issuer: Issuer, caller: Caller, jwt: UnverifiedJwt): readonly Active[] {
  const claims = jwt.unverifiedClaims;
  return [
    // @ts-expect-error: missing the following properties from type 'Active'
    { active: true },
    // @ts-expect-error: Type 'UnverifiedJwt' is not assignable to type 'VouchedToken'
    { active: true, issuer, caller, jwt },
    // @ts-expect-error: Property '[verified]' is missing
    { active: true, issuer, caller, jwt: { header: jwt.header, claims, keyThumbprint: '' } },
  ];
}

/** Only from an `Active` members of an answer are made. */
export function disclose(inactive: Inactive, token: GoodToken, result: IntrospectionResult) {
  return [
    // @ts-expect-error: 'Inactive' is not assignable to parameter of type 'Active'
    introspectionAnswer(inactive),
    // @ts-expect-error: 'GoodToken' is not assignable to parameter of type 'Active'
    introspectionAnswer(token),
    // @ts-expect-error: 'IntrospectionResult' is not assignable to parameter of type 'Active'
    introspectionAnswer(result),
    result.active ? introspectionAnswer(result) : undefined,
  ];
}

/** What a caller may see is written out. */
export function registerCaller(caller: Caller): readonly Caller[] {
  const { id, issuers, claims } = caller;
  // @ts-expect-error: Property 'audiences' is missing
  return [caller, { id, issuers, claims }];
}
