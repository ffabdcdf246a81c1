/** Authenticates callers by a bearer token of a registered issuer, such as a service account of Kubernetes: no secret has to be distributed. */
import type { X509Certificate } from 'node:crypto';
import type { ClaimPolicy } from '../../../claims/claim-policy.js';
import { refuseUnknownIssuers, templatesIn } from '../../../issuers/issuers.section.js';
import type { Issuer } from '../../../issuers/issuer.js';
import { Section } from '../../../shared/configuration/composite-fields.js';
import { TextField } from '../../../shared/configuration/scalar-fields.js';
import type { JsonObject } from '../../../shared/json-value.js';
import { Rejection } from '../../../tokens/rejection.js';
import type { UnverifiedJwt } from '../../../tokens/unverified-jwt.js';
import type { VerifiedJwt } from '../../../tokens/verified-jwt.js';
import type { Asker } from '../../../verification/asker.js';
import type { TokenVerifier } from '../../../verification/token-verifier.js';
import type { Caller } from '../../caller.js';
import {
  AuthenticationFailure,
  invalidRequest,
  invalidToken,
  bearerChallenge,
} from '../../credentials/authentication-failure.js';
import type { Authorization } from '../../credentials/authorization-header.js';
import type { PresentedCredentials } from '../../credentials/presented-credentials.js';
import type { UnprovenSignatures } from '../../limits/unproven-signatures.js';
import type {
  MethodAuthenticator,
  Registration,
  CallerMethod,
  FoundCredentials,
  PresentedMethod,
} from '../caller-method.js';
import { isProven } from './proof-of-possession.js';

/** A caller that authenticates with a token of a registered issuer, such as a Kubernetes service account. */
class CallerTokenSection {
  @TextField('id of the registered issuer', { required: true, example: 'k8s' })
  readonly issuer!: string;

  @TextField('compared with `sub`', { required: true, example: 'system:serviceaccount:shop:orders' })
  readonly subject!: string;

  @TextField('what `aud` must name: the token has to be made for this service', {
    required: true,
    example: 'https://assay.example.com',
  })
  readonly audience!: string;
}

/** The callers that authenticate with tokens of one issuer, by `sub`. */
type Subjects = ReadonlyMap<string, Registration<CallerTokenSection>>;

/** What a request presents for this method. */
interface PresentedToken {
  readonly token: string;
  readonly clientId?: string | undefined;
  readonly tokenUnderTest?: string | undefined;
  /** Where the request comes from. */
  readonly source: string;
  /** Client certificate of the connection. */
  readonly certificate?: X509Certificate | undefined;
}

/** A bearer token of a registered issuer as caller credential (RFC 6750): a Kubernetes workload needs no secret. */
class BearerToken implements MethodAuthenticator<CallerTokenSection> {
  /** By the short id of the issuer. Another map after each replacement. */
  private subjects: ReadonlyMap<string, Subjects> = new Map();

  constructor(
    private readonly verifier: TokenVerifier,
    private readonly signatures: UnprovenSignatures,
  ) {}

  replace(registrations: readonly Registration<CallerTokenSection>[]): void {
    const byIssuer = Map.groupBy(registrations, ({ registered }) => registered.issuer);
    this.subjects = new Map([...byIssuer].map(([issuer, callers]) => [issuer, bySubject(callers)]));
  }

  find(
    header: Authorization | undefined,
    { form: { clientId }, tokenUnderTest, source, certificate }: PresentedCredentials,
  ): readonly FoundCredentials[] {
    if (header?.scheme !== 'bearer') return [];
    const token = header.credentials;
    const read = (): PresentedMethod => ({
      claimedIds: clientId === undefined ? [] : [clientId],
      isGuess: false,
      prove: () => this.authenticate({ token, clientId, tokenUnderTest, source, certificate }),
      // X07: of a bearer token, not good and not privileged are the same.
      refusal: invalidToken,
    });
    return [{ carriedBy: 'header', conflict: 'invalid_request', read }];
  }

  /**
   * @throws {OAuthError} 400 where a `client_id` beside the token, which proves nothing, names another caller
   *   503 where too many signatures wait to be checked
   * @throws {KeysUnavailable} when we cannot know
   */
  async authenticate(presented: PresentedToken): Promise<Caller | AuthenticationFailure> {
    const { token, clientId, tokenUnderTest } = presented;
    if (areSame(token, tokenUnderTest)) return new AuthenticationFailure('a token does not vouch for itself');
    let caller: Caller | AuthenticationFailure;
    let subjects: typeof this.subjects;
    do {
      ({ subjects } = this);
      caller = await this.callerOf(presented, subjects);
      // Everything may have been configured anew while keys were fetched: what was a right is none now.
    } while (subjects !== this.subjects);
    if (caller instanceof AuthenticationFailure || clientId === undefined || clientId === caller.id) return caller;
    throw invalidRequest('client_id differs from the bearer token');
  }

  private async callerOf(
    { token, source, certificate }: PresentedToken,
    subjects: ReadonlyMap<string, Subjects>,
  ): Promise<Caller | AuthenticationFailure> {
    const checker = this.signatures.from(
      source,
      ({ id }, { unverifiedClaims }) => registrationOf(unverifiedClaims, subjects.get(id))?.caller.id,
    );
    const policy = (issuer: Issuer): ClaimPolicy | Rejection => policyFor(issuer, subjects.get(issuer.id));
    const verdict = await this.verifier
      .checkingWith(checker)
      .verify(token, policy, undefined, askersOf(subjects, certificate));
    if (verdict instanceof Rejection) return new AuthenticationFailure(`the bearer token is not good: ${verdict.code}`);
    const registration = registrationOf(verdict.jwt.claims, subjects.get(verdict.issuer.id));
    if (registration && !isProven(verdict.jwt.claims, certificate)) {
      return new AuthenticationFailure('the bearer token is bound to a key that nobody proved', registration.caller.id);
    }
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

  refuseUnverified(jwt: UnverifiedJwt, nowSeconds: number): Rejection | undefined {
    const policy = this.policyOf(jwt.unverifiedClaims);
    return policy instanceof Rejection ? policy : policy.refuseUnverified(jwt, nowSeconds);
  }

  private policyOf(claims: JsonObject): ClaimPolicy | Rejection {
    const audience = registrationOf(claims, this.subjects)?.registered.audience;
    return audience === undefined
      ? new Rejection('rule_failed', 'no caller is registered with this subject')
      : this.issuer.callerPolicy(audience);
  }
}

/**
 * The caller that a token names pays for answers that there can be none; one that names no caller, or that is bound to a key
 * that nobody proved, costs no fetch.
 */
function askersOf(subjects: ReadonlyMap<string, Subjects>, certificate: X509Certificate | undefined): Asker {
  return {
    idOf: (claims, { id }) => registrationOf(claims, subjects.get(id))?.caller.id ?? '',
    refuse: (_issuer, claims) => (isProven(claims, certificate) ? undefined : new Rejection('proof_missing')),
  };
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

/** A bearer token of a registered issuer (RFC 6750): its subject is what is registered. */
export const bearerToken: CallerMethod<'token', CallerTokenSection, CallerTokenSection, BearerToken> = {
  key: 'token',
  field: Section('bearer token of a registered issuer', () => CallerTokenSection),
  unique: {
    at: 'subject',
    expected: 'a subject that no other caller authenticates with',
    of: ({ issuer, subject }) => JSON.stringify([issuer, subject]),
  },
  challenge: bearerChallenge,
  checkWritten: (sections, file) => {
    const named = sections.map((section) => section.at('issuer'));
    refuseUnknownIssuers(named, file);
    const templates = new Set(templatesIn(file));
    for (const { text, place } of named) {
      if (text === undefined || !templates.has(text)) continue;
      const expected = 'an issuer of its own for the tenant: every tenant could issue tokens of this subject';
      place.refuse('an issuer of many tenants', expected);
    }
  },
  prepare: (section) => section,
  advertise: () => ({ methods: ['Bearer'], assertionAlgorithms: [] }),
  authenticator: ({ tokens, signatures }) => new BearerToken(tokens, signatures),
};
