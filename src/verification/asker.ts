import type { ClaimPolicy } from '../claims/claim-policy.js';
import type { Issuer } from '../issuers/issuer.js';
import type { JsonObject } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';

/** Which rules of its issuer a token must satisfy; a rejection where it can satisfy none. */
export type PolicyChoice = (issuer: Issuer) => ClaimPolicy | Rejection;

/** Tokens that somebody asks about are judged by the rules of their issuer. */
export const itsOwnPolicy: PolicyChoice = (issuer) => issuer.policy;

const notByKeys = new Rejection(
  'opaque_unroutable',
  'jwt: introspect: its issuer judges it, which nobody has asked here',
);

/** The same, but that JWTs of an issuer with `jwt: introspect` are judged by no key: they end with {@link isLeftToIssuer}. */
export const itsOwnPolicyOrIssuer: PolicyChoice = (issuer) =>
  issuer.opaque?.jwt === 'introspect' ? notByKeys : issuer.policy;

/** Whether a JWT was not judged, because its issuer has to be asked. Keys have no other reason for this code. */
export function isLeftToIssuer({ code }: Rejection): boolean {
  return code === notByKeys.code;
}

/** On whose behalf keys are fetched for a token. Whoever may not see the token may not have them fetched either. */
export interface Asker {
  /** Who is charged for an answer that there can be none: registered ids alone. */
  readonly idOf: (unverifiedClaims: JsonObject, issuer: Issuer) => string;
  /** Why this token could not be shown to the asker anyway, by claims that nobody has verified; it grants nothing. */
  readonly refuse: (issuer: Issuer, unverifiedClaims: JsonObject) => Rejection | undefined;
}

/** Callers that sign their own tokens are issuers: to name the issuer is to name the caller. */
export const theIssuer: Asker = { idOf: () => '', refuse: () => undefined };
