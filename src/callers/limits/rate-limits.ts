import type { Clock } from '../../shared/clock.js';
import { OAuthError } from '../../transport/oauth-error.js';
import type { Caller } from '../caller.js';
import { LocalMeter, type Meter, type RateLimit } from './rate-limit.js';
import type { CallersRedis } from './callers-redis.js';
import { RedisCommonBudget } from './redis-common-budget.js';
import { SharedMeter } from './shared-meter.js';

/** Makes the meter of a caller. */
export type MeterFactory = (callerId: string, limit: RateLimit) => Meter;

/** A caller and how often it may ask; `undefined`: as often as it likes. */
export interface LimitedCaller {
  readonly caller: Pick<Caller, 'id'>;
  readonly rateLimit: RateLimit | undefined;
}

interface Metered {
  readonly limit: RateLimit;
  readonly meter: Meter;
}

/** How often each caller may ask, through all endpoints together (X16). Charged when it is known who asks, before the token is read. */
export class RateLimits {
  private metered: ReadonlyMap<string, Metered> = new Map();

  constructor(private readonly meterFor: MeterFactory) {}

  /** From the next request on, these limits hold. Who keeps its limit keeps what it has used of it. */
  replace(callers: readonly LimitedCaller[]): void {
    const next = new Map<string, Metered>();
    for (const { caller, rateLimit } of callers) {
      if (rateLimit) next.set(caller.id, this.kept(caller.id, rateLimit) ?? this.begun(caller.id, rateLimit));
    }
    this.metered = next;
  }

  /** @throws {OAuthError} 429 with the time to wait */
  charge({ id }: Pick<Caller, 'id'>): void {
    const waitMs = this.metered.get(id)?.meter.charge() ?? 0;
    if (waitMs > 0) throw tooManyRequests(Math.max(1, Math.ceil(waitMs / 1000)), id);
  }

  private kept(id: string, limit: RateLimit): Metered | undefined {
    const known = this.metered.get(id);
    return known && areEqual(known.limit, limit) ? known : undefined;
  }

  private begun(id: string, limit: RateLimit): Metered {
    return { limit, meter: this.meterFor(id, limit) };
  }
}

/** @param redis where replicas meet; without it every limit is local */
export function composeRateLimits(clock: Clock, redis?: CallersRedis): RateLimits {
  return new RateLimits((callerId, limit) =>
    redis && limit.shared
      ? new SharedMeter(limit, new RedisCommonBudget(redis, callerId, limit), clock)
      : new LocalMeter(limit, clock),
  );
}

function areEqual(one: RateLimit, other: RateLimit): boolean {
  return one.perSecond === other.perSecond && one.burst === other.burst && one.shared === other.shared;
}

/** RFC 6585 §4. */
function tooManyRequests(retryAfterSeconds: number, caller: string): OAuthError {
  return new OAuthError('temporarily_unavailable', 'the rate limit of the caller is used up', {
    status: 429,
    retryAfterSeconds,
    caller,
  });
}
