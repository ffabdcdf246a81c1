import type { BearerToken } from './methods/bearer/bearer-token.js';
import { hasAnyRight, type Caller } from './caller.js';
import type { CallerDirectory } from './registration/caller-directory.js';
import { basicChallenge, invalidClient, invalidToken } from './credentials/challenges.js';
import type { ClientSecret } from './methods/secret/client-secret.js';
import type { FailedAttempts } from './limits/failed-attempts.js';
import type { MutualTls } from './methods/certificate/mutual-tls.js';
import { OAuthError } from '../transport/oauth-error.js';
import type { PresentedCredentials } from './credentials/presented-credentials.js';
import { claimedClientId, presentedMethod, type PresentedMethod } from './credentials/presented-method.js';
import type { ProvenHeader, ProvenHeaders } from './methods/secret/proven-headers.js';
import type { PrivateKeyJwt } from './methods/assertion/private-key-jwt.js';
import type { RateLimits } from './limits/rate-limits.js';
import { AuthenticationFailure } from './credentials/authentication-failure.js';

/** One authenticator for each method that a request can present. */
export interface AuthenticationMethods {
  readonly clientSecret: ClientSecret;
  readonly privateKeyJwt: PrivateKeyJwt;
  readonly mutualTls: MutualTls;
  readonly bearerToken: BearerToken;
}

/** Says which caller is asking, or refuses (RFC 7662 §2.1, §2.3). The one place where that is decided, for every door. */
export class CallerAuthenticator {
  constructor(
    private readonly directory: CallerDirectory,
    private readonly methods: AuthenticationMethods,
    private readonly failedAttempts: FailedAttempts,
    private readonly rateLimits: RateLimits,
    private readonly provenHeaders: ProvenHeaders,
  ) {}

  /**
   * @throws {OAuthError} 401 when the credentials prove nobody, or somebody without any right (X04, X06 to X08);
   *   400 when they cannot be read in one way only (X09); 429 when too many were wrong, or this caller asks too often (X16)
   * @throws {KeysUnavailable} when a signature had to be checked and we cannot know
   */
  async authenticate(presented: PresentedCredentials): Promise<Caller> {
    const proven = this.provenHeaders.find(presented);
    if (proven) return this.admit(proven, presented.source);
    const { generation } = this.directory;
    const method = presentedMethod(presented);
    if (!method) throw invalidClient('no credentials were presented', this.directory.challenges);
    this.refuseTooMany(presented.source, claimedClientId(method), () => this.registered(method));
    const caller = await this.prove(method, presented.tokenUnderTest);
    if (caller instanceof AuthenticationFailure) throw this.failure(caller, presented.source, method);
    // First: what vouches for a client id must have proven it, or anybody's own token would be a licence to guess.
    refuseOtherClientId(method, caller);
    this.failedAttempts.succeeded(presented.source, claimedClientId(method));
    if (!hasAnyRight(caller))
      throw this.refused(new AuthenticationFailure('the caller has no right at all', caller.id), method, true);
    const isSecret = method.kind === 'secret';
    if (isSecret) this.provenHeaders.remember(presented, { caller, claimedId: claimedClientId(method) }, generation);
    this.rateLimits.charge(caller);
    return caller;
  }

  /** A header that has proven this caller before: all but the proof is as it always is. */
  private admit({ caller, claimedId }: ProvenHeader, source: string): Caller {
    this.refuseTooMany(source, claimedId, () => caller.id);
    this.failedAttempts.succeeded(source, claimedId);
    this.rateLimits.charge(caller);
    return caller;
  }

  private async prove(
    method: PresentedMethod,
    tokenUnderTest: string | undefined,
  ): Promise<Caller | AuthenticationFailure> {
    switch (method.kind) {
      case 'secret':
        return this.methods.clientSecret.authenticate(method.readings);
      case 'assertion':
        return this.methods.privateKeyJwt.authenticate(method);
      case 'bearer':
        return this.methods.bearerToken.authenticate(method.token, tokenUnderTest);
      case 'certificate':
        return this.methods.mutualTls.authenticate(method.certificate, method.clientId);
      case 'unsupported':
        return new AuthenticationFailure('the authorization scheme is not supported');
    }
  }

  private refuseTooMany(source: string, claimedId: string | undefined, registered: () => string | undefined): void {
    const waitSeconds = this.failedAttempts.waitSeconds(source, claimedId);
    if (waitSeconds > 0) throw tooManyFailures(waitSeconds, registered());
  }

  private failure(refusal: AuthenticationFailure, source: string, method: PresentedMethod): OAuthError {
    const waitSeconds = this.failedAttempts.failed(source, claimedClientId(method));
    const { detail, caller = this.registered(method) } = refusal;
    return waitSeconds > 0
      ? tooManyFailures(waitSeconds, caller)
      : this.refused(new AuthenticationFailure(detail, caller), method);
  }

  /** Which registered caller the request claims to come from: nobody has verified it, but it is a name of ours. */
  private registered(method: PresentedMethod): string | undefined {
    const claimed =
      method.kind === 'secret' ? method.readings.map(({ clientId }) => clientId) : [claimedClientId(method)];
    return claimed.find((id) => id !== undefined && this.directory.byId(id));
  }

  /** RFC 6749 §5.2: the challenge is of the scheme that was used; where none was, any will do. */
  private refused(
    { detail, caller }: AuthenticationFailure,
    method: PresentedMethod,
    isKnownCaller = false,
  ): OAuthError {
    // X07: of a bearer token, not good and not privileged are the same.
    if (method.kind === 'bearer') return invalidToken(detail, caller);
    const usedBasic = method.kind === 'secret' && method.transport === 'basic';
    return invalidClient(detail, usedBasic ? [basicChallenge] : this.directory.challenges, { caller, isKnownCaller });
  }
}

/** A `client_id` beside a bearer token proves nothing, but it must not contradict it either. */
function refuseOtherClientId(method: PresentedMethod, caller: Caller): void {
  if (method.kind !== 'bearer' || method.clientId === undefined || method.clientId === caller.id) return;
  throw new OAuthError('invalid_request', 'client_id differs from the bearer token');
}

/** RFC 6585 §4. */
function tooManyFailures(retryAfterSeconds: number, caller: string | undefined): OAuthError {
  return new OAuthError('temporarily_unavailable', 'too many failed attempts', {
    status: 429,
    retryAfterSeconds,
    caller,
  });
}
