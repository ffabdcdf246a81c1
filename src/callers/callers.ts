import { CallerAuthenticator } from './caller-authenticator.js';
import { FailedAttempts, type FailureLimits } from './limits/failed-attempts.js';
import { composeRateLimits, type RateLimits } from './limits/rate-limits.js';
import type { RedisBudgetParts } from './limits/redis-common-budget.js';
import { AuthenticationMethods } from './methods/authentication-methods.js';
import type { MethodTools } from './methods/caller-method.js';
import { ProxyAuthenticator } from './proxy-authenticator.js';
import { CallerDirectory, type PreparedCaller } from './registration/caller-directory.js';

/** What {@link Callers} is made of. */
export interface CallersParts extends MethodTools {
  /** Where replicas share rate limits; absent: each limit is of this process. */
  readonly redis?: RedisBudgetParts | undefined;
  /** When the brake on guessing works; absent: as the service sets it. */
  readonly failureLimits?: Partial<FailureLimits>;
}

/** Puts together all that knows the callers, so that they are replaced everywhere or nowhere. At first there are none. */
export class Callers {
  readonly directory = new CallerDirectory();
  readonly authenticator: CallerAuthenticator;
  readonly proxies: ProxyAuthenticator;
  private readonly methods: AuthenticationMethods;
  private readonly rateLimits: RateLimits;

  constructor({ redis, failureLimits, ...tools }: CallersParts) {
    const { clock } = tools;
    this.methods = new AuthenticationMethods(tools);
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
