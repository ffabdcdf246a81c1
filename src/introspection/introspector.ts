import { grants, type Caller } from '../callers/caller.js';
import { Rejection } from '../tokens/rejection.js';
import type { GoodToken, TokenVerifier } from '../verification/token-verifier.js';
import { namesAnyOf } from '../claims/audience.js';
import type { IntrospectionResult } from './introspection-result.js';

/** RFC 7662 §2.2: says whether a token is good, for the caller who asks. The use case behind every door. */
export class Introspector {
  constructor(private readonly verifier: TokenVerifier) {}

  /** @throws {KeysUnavailable} when we cannot know (decision D-05) */
  async introspect(token: string, caller: Caller): Promise<IntrospectionResult> {
    const verdict = await this.verifier.verify(token);
    if (verdict instanceof Rejection) return { active: false, rejection: verdict };
    const withheld = withhold(verdict, caller);
    if (withheld) return { active: false, rejection: withheld.about(verdict.issuer.id) };
    return { active: true, ...verdict, caller };
  }
}

/** RFC 7662 §4: a token that may not be used at this protected resource is, to it, no token. */
function withhold({ issuer, jwt }: GoodToken, caller: Caller): Rejection | undefined {
  if (!grants(caller.issuers, issuer.id)) return new Rejection('caller_issuer_not_granted');
  const { audiences } = caller;
  const mayHear = audiences === 'any' || namesAnyOf(jwt.claims, audiences);
  return mayHear ? undefined : new Rejection('caller_audience_not_granted');
}
