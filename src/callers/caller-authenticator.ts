import { whenKnown } from '../shared/when-known.js';
import { OAuthError } from '../transport/oauth-error.js';
import { hasAnyRight, type Caller } from './caller.js';
import { AuthenticationFailure, CredentialsMissing } from './credentials/authentication-failure.js';
import type { PresentedCredentials } from './credentials/presented-credentials.js';
import type { FailedAttempts } from './limits/failed-attempts.js';
import type { RateLimits } from './limits/rate-limits.js';
import type { AuthenticationMethods } from './methods/authentication-methods.js';
import type { PresentedMethod } from './methods/caller-method.js';
import type { CallerDirectory } from './registration/caller-directory.js';

/** Says which caller is asking, or refuses (RFC 7662 §2.1, §2.3). The one place where that is decided, for every endpoint. */
export class CallerAuthenticator {
  constructor(
    private readonly directory: CallerDirectory,
    private readonly methods: AuthenticationMethods,
    private readonly failedAttempts: FailedAttempts,
    private readonly rateLimits: RateLimits,
  ) {}

  /**
   * @returns the caller; at once where nothing has to be asked for nor calculated
   * @throws {OAuthError} 401 when the credentials prove no caller, or one without any right (X04, X06 to X08);
   *   400 when they cannot be read in one way only (X09); 429 when this secret is wrong as too many before it, or weak and guessed
   *   at too often, or when this caller asks too often (X16); 503 when too many signatures wait to be checked
   * @throws {KeysUnavailable} when a signature had to be checked and we cannot know
   */
  authenticate(request: PresentedCredentials): Caller | Promise<Caller> {
    const presented = this.methods.presentedBy(request);
    if (!presented) throw new CredentialsMissing(this.directory.challenges);
    return whenKnown(presented.prove(), (caller) => {
      if (caller instanceof AuthenticationFailure) throw this.failed(request.source, presented, caller);
      if (!hasAnyRight(caller)) throw this.withoutRights(caller, presented);
      this.rateLimits.charge(caller);
      return caller;
    });
  }

  /** Judged already: whoever was right is not here, so that nobody is refused for what others did. */
  private failed(
    source: string,
    presented: PresentedMethod,
    { detail, caller = this.registeredOf(presented), waitMs = 0 }: AuthenticationFailure,
  ): OAuthError {
    if (waitMs > 0) return tooManyFailures(Math.ceil(waitMs / 1000), caller);
    const waitSeconds = presented.isGuess ? this.failedAttempts.failed(source, presented.claimedIds[0]) : 0;
    if (waitSeconds > 0) return tooManyFailures(waitSeconds, caller);
    return presented.refusal(new AuthenticationFailure(detail, caller), this.directory.challenges);
  }

  private withoutRights({ id }: Caller, presented: PresentedMethod): OAuthError {
    const failure = new AuthenticationFailure('the caller has no right at all', id);
    return presented.refusal(failure, this.directory.challenges, true);
  }

  /** Which registered caller the request claims to come from: not verified, but a name that the configuration has. */
  private registeredOf({ claimedIds }: PresentedMethod): string | undefined {
    return claimedIds.find((id) => this.directory.byId(id));
  }
}

/** RFC 6585 §4. */
function tooManyFailures(retryAfterSeconds: number, caller: string | undefined): OAuthError {
  return new OAuthError('temporarily_unavailable', 'too many failed attempts', {
    status: 429,
    retryAfterSeconds,
    caller,
  });
}
