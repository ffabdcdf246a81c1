import type { JsonObject } from '../shared/json-value.js';
import type { Rejection } from '../tokens/rejection.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import type { RuleText } from './claim-step.js';

/** One check of one paragraph: `undefined` when the token passes. `nowSeconds` is wall time in seconds since the epoch. */
export type ClaimCheck = (jwt: VerifiedJwt, nowSeconds: number) => Rejection | undefined;

/** A check that may also read claims that nobody has verified, because all it can do is refuse. */
export type PlausibilityCheck = (claims: JsonObject, nowSeconds: number) => Rejection | undefined;

/** A check, and what operators read of it. */
export interface Described<Check> {
  readonly about: RuleText;
  readonly check: Check;
}

/**
 * What the file of a check brings: a function from the terms that it reads to the check with its text, or to a list of
 * them where the terms say how many there are.
 */
export type MakeCheck<Check, Terms = never> = (terms: Terms) => Described<Check> | readonly Described<Check>[];
