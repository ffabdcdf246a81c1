import type { RedisLink } from '../../redis/redis-link.js';
import type { Clock } from '../../shared/clock.js';
import { LocalMeter } from './rate-limit.js';
import { RateLimits } from './rate-limits.js';
import { RedisCommonBudget } from './redis-common-budget.js';
import { SharedMeter } from './shared-meter.js';

/** @param link where replicas meet; without it every limit is local */
export function composeRateLimits(clock: Clock, link?: RedisLink): RateLimits {
  return new RateLimits((callerId, limit) =>
    link && limit.shared
      ? new SharedMeter(limit, new RedisCommonBudget(link, callerId, limit), clock)
      : new LocalMeter(limit, clock),
  );
}
