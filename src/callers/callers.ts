import { CallerAuthenticator } from './caller-authenticator.js';
import type { CallersRedis } from './limits/callers-redis.js';
import { FailedAttempts, type FailureLimits } from './limits/failed-attempts.js';
import { composeRateLimits, type RateLimits } from './limits/rate-limits.js';
import { UnprovenSignatures } from './limits/unproven-signatures.js';
import { composeWeakSecrets } from './limits/weak-secrets.js';
import { composeAssertionReplay } from './methods/assertion/redis-assertion-replay.js';
import { AuthenticationMethods } from './methods/authentication-methods.js';
import type { MethodTools } from './methods/caller-method.js';
import { ProxyAuthenticator } from './proxy-authenticator.js';
import { CallerDirectory, type PreparedCaller } from './registration/caller-directory.js';

/** What {@link Callers} is made of. */
export interface CallersParts extends Pick<MethodTools, 'clock' | 'tokens' | 'assertions'> {
  /** Where replicas share limits, and the assertions that were used; absent: all of that is of this process. */
  readonly redis?: CallersRedis | undefined;
  /** When wrong secrets are answered 429; absent: as the service sets it. */
  readonly failureLimits?: Partial<FailureLimits>;
}

/** Puts together all that knows the callers, so that they are replaced everywhere or nowhere. At first there are none. */
export class Callers {
  readonly directory = new CallerDirectory();
  readonly authenticator: CallerAuthenticator;
  readonly proxies: ProxyAuthenticator;
  private readonly methods: AuthenticationMethods;
  private readonly rateLimits: RateLimits;

  constructor({ clock, tokens, assertions, redis, failureLimits }: CallersParts) {
    this.methods = new AuthenticationMethods({
      clock,
      tokens,
      assertions,
      weakSecrets: composeWeakSecrets('caller', clock, redis),
      signatures: new UnprovenSignatures(),
      replay: composeAssertionReplay(clock, redis),
    });
    this.rateLimits = composeRateLimits(clock, redis);
    const failedAttempts = new FailedAttempts(clock, failureLimits);
    this.authenticator = new CallerAuthenticator(this.directory, this.methods, failedAttempts, this.rateLimits);
    this.proxies = new ProxyAuthenticator(this.directory, this.methods.byName.certificate, this.rateLimits);
  }

  /** From the next request on, `callers` are the only ones. In one tick: no request finds half of them. */
  replace(callers: readonly PreparedCaller[]): void {
    this.directory.replace(callers);
    this.methods.replace(callers);
    this.rateLimits.replace(callers);
  }
}
