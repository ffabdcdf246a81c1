import type { ClaimPolicy } from '../../../claims/claim-policy.js';
import type { Issuer } from '../../../issuers/issuer.js';
import type { JsonObject } from '../../../shared/json-value.js';
import { Rejection } from '../../../tokens/rejection.js';
import type { VerifiedJwt } from '../../../tokens/verified-jwt.js';
import type { TokenVerifier } from '../../../verification/token-verifier.js';
import type { Caller } from '../../caller.js';
import { AuthenticationFailure } from '../../credentials/authentication-failure.js';
import { invalidRequest, invalidToken } from '../../credentials/challenges.js';
import type { Authorization } from '../../credentials/authorization-header.js';
import type { PresentedCredentials } from '../../credentials/presented-credentials.js';
import type { MethodAuthenticator, Registration } from '../caller-method.js';
import type { FoundCredentials, PresentedMethod } from '../presented-method.js';
import type { CallerTokenSection } from './caller-token.config.js';

/** The callers that authenticate with tokens of one issuer, by `sub`. */
type Subjects = ReadonlyMap<string, Registration<CallerTokenSection>>;

/** What a request presents for this method. */
export interface PresentedToken {
  readonly token: string;
  readonly clientId?: string | undefined;
  readonly tokenUnderTest?: string | undefined;
}

/** A bearer token of a registered issuer as caller credential (RFC 6750): a Kubernetes workload needs no secret. */
export class BearerToken implements MethodAuthenticator<CallerTokenSection> {
  /** By the short id of the issuer. Another map after each replacement. */
  private subjects: ReadonlyMap<string, Subjects> = new Map();

  constructor(private readonly verifier: TokenVerifier) {}

  replace(registrations: readonly Registration<CallerTokenSection>[]): void {
    const byIssuer = Map.groupBy(registrations, ({ registered }) => registered.issuer);
    this.subjects = new Map([...byIssuer].map(([issuer, callers]) => [issuer, bySubject(callers)]));
  }

  find(
    header: Authorization | undefined,
    { form: { clientId }, tokenUnderTest }: PresentedCredentials,
  ): readonly FoundCredentials[] {
    if (header?.scheme !== 'bearer') return [];
    const token = header.credentials;
    const read = (): PresentedMethod => ({
      claimedIds: clientId === undefined ? [] : [clientId],
      prove: () => this.authenticate({ token, clientId, tokenUnderTest }),
      // X07: of a bearer token, not good and not privileged are the same.
      refusal: invalidToken,
    });
    return [{ carriedBy: 'header', conflict: 'invalid_request', read }];
  }

  /**
   * @throws {OAuthError} 400 where a `client_id` beside the token, which proves nothing, names another caller
   * @throws {KeysUnavailable} when we cannot know
   */
  async authenticate({ token, clientId, tokenUnderTest }: PresentedToken): Promise<Caller | AuthenticationFailure> {
    if (areSame(token, tokenUnderTest)) return new AuthenticationFailure('a token does not vouch for itself');
    let caller: Caller | AuthenticationFailure;
    let subjects: typeof this.subjects;
    do {
      ({ subjects } = this);
      caller = await this.callerOf(token, subjects);
      // Everything may have been configured anew while keys were fetched: what was a right is none now.
    } while (subjects !== this.subjects);
    if (caller instanceof AuthenticationFailure || clientId === undefined || clientId === caller.id) return caller;
    throw invalidRequest('client_id differs from the bearer token');
  }

  private async callerOf(
    token: string,
    subjects: ReadonlyMap<string, Subjects>,
  ): Promise<Caller | AuthenticationFailure> {
    const verdict = await this.verifier.verify(token, (issuer) => policyFor(issuer, subjects.get(issuer.id)));
    if (verdict instanceof Rejection) return new AuthenticationFailure(`the bearer token is not good: ${verdict.code}`);
    const registration = registrationOf(verdict.jwt.claims, subjects.get(verdict.issuer.id));
    if (registration) return registration.caller;
    return new AuthenticationFailure('no caller is registered with the subject of the bearer token');
  }
}

function bySubject(registrations: readonly Registration<CallerTokenSection>[]): Subjects {
  return new Map(registrations.map((registration) => [registration.registered.subject, registration]));
}

function policyFor(issuer: Issuer, subjects: Subjects | undefined): ClaimPolicy | Rejection {
  return subjects ? new SubjectPolicy(issuer, subjects) : new Rejection('rule_failed', 'no caller uses this issuer');
}

/** Judges a token as its subject's registration demands: each may ask for another audience. */
class SubjectPolicy implements ClaimPolicy {
  constructor(
    private readonly issuer: Issuer,
    private readonly subjects: Subjects,
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
    const audience = registrationOf(claims, this.subjects)?.registered.audience;
    return audience === undefined
      ? new Rejection('rule_failed', 'no caller is registered with this subject')
      : this.issuer.callerPolicy(audience);
  }
}

function registrationOf(claims: JsonObject, subjects: Subjects | undefined) {
  const subject = claims['sub'];
  return typeof subject === 'string' ? subjects?.get(subject) : undefined;
}

/** Compares what was signed, because one token can be written with several signatures. */
function areSame(token: string, other: string | undefined): boolean {
  return other !== undefined && signingInput(token) === signingInput(other);
}

function signingInput(token: string): string {
  const end = token.lastIndexOf('.');
  return end < 0 ? token : token.slice(0, end);
}
