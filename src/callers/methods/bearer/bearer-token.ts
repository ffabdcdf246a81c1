import type { ClaimPolicy } from '../../../claims/claim-policy.js';
import type { Issuer } from '../../../issuers/issuer.js';
import type { JsonObject } from '../../../shared/json-value.js';
import { Rejection } from '../../../tokens/rejection.js';
import type { VerifiedJwt } from '../../../tokens/verified-jwt.js';
import type { TokenVerifier } from '../../../verification/token-verifier.js';
import type { Caller } from '../../caller.js';
import type { CallerDirectory, SubjectsOfIssuer } from '../../registration/caller-directory.js';
import { AuthenticationFailure } from '../../credentials/authentication-failure.js';

/** A bearer token of a registered issuer as caller credential (RFC 6750): a Kubernetes workload needs no secret. */
export class BearerToken {
  constructor(
    private readonly directory: CallerDirectory,
    private readonly verifier: TokenVerifier,
  ) {}

  /** @throws {KeysUnavailable} when we cannot know */
  async authenticate(token: string, tokenUnderTest: string | undefined): Promise<Caller | AuthenticationFailure> {
    if (areSame(token, tokenUnderTest)) return new AuthenticationFailure('a token does not vouch for itself');
    let judged: Caller | AuthenticationFailure;
    let generation: object;
    do {
      ({ generation } = this.directory);
      judged = await this.judge(token);
      // Everything may have been configured anew while keys were looked for: what was a right is none now.
    } while (generation !== this.directory.generation);
    return judged;
  }

  private async judge(token: string): Promise<Caller | AuthenticationFailure> {
    const { subjects } = this.directory;
    const verdict = await this.verifier.verify(token, (issuer) => policyFor(issuer, subjects.get(issuer.id)));
    if (verdict instanceof Rejection) return new AuthenticationFailure(`the bearer token is not good: ${verdict.code}`);
    const registered = callerOf(verdict.jwt.claims, subjects.get(verdict.issuer.id));
    return (
      registered?.caller ?? new AuthenticationFailure('no caller is registered with the subject of the bearer token')
    );
  }
}

function policyFor(issuer: Issuer, subjects: SubjectsOfIssuer | undefined): ClaimPolicy | Rejection {
  return subjects ? new SubjectPolicy(issuer, subjects) : new Rejection('rule_failed', 'no caller uses this issuer');
}

/** Judges a token as its subject's registration demands: each may ask for another audience. */
class SubjectPolicy implements ClaimPolicy {
  constructor(
    private readonly issuer: Issuer,
    private readonly subjects: SubjectsOfIssuer,
  ) {}

  refuse(jwt: VerifiedJwt, nowSeconds: number): Rejection | undefined {
    const policy = this.policyOf(jwt.claims);
    return policy instanceof Rejection ? policy : policy.refuse(jwt, nowSeconds);
  }

  refuseUnverified(claims: JsonObject, nowSeconds: number): Rejection | undefined {
    const policy = this.policyOf(claims);
    return policy instanceof Rejection ? policy : policy.refuseUnverified(claims, nowSeconds);
  }

  private policyOf(claims: JsonObject): ClaimPolicy | Rejection {
    const audience = callerOf(claims, this.subjects)?.token?.audience;
    return audience === undefined
      ? new Rejection('rule_failed', 'no caller is registered with this subject')
      : this.issuer.callerPolicy(audience);
  }
}

function callerOf(claims: JsonObject, subjects: SubjectsOfIssuer | undefined) {
  const subject = claims['sub'];
  return typeof subject === 'string' ? subjects?.get(subject) : undefined;
}

/** Compares what was signed, because one token can be written with several signatures (Part 3, surprise 8). */
function areSame(token: string, other: string | undefined): boolean {
  return other !== undefined && signingInput(token) === signingInput(other);
}

function signingInput(token: string): string {
  const end = token.lastIndexOf('.');
  return end < 0 ? token : token.slice(0, end);
}
