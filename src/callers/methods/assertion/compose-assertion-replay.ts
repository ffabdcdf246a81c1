import type { Clock } from '../../../shared/clock.js';
import type { CallersRedis } from '../../limits/callers-redis.js';
import { type AssertionReplay, MemoryAssertionReplay } from './assertion-replay.js';
import { RedisAssertionReplay } from './redis-assertion-replay.js';

/** @param redis where replicas meet; without it the uses are those of this process */
export function composeAssertionReplay(clock: Clock, redis?: CallersRedis): AssertionReplay {
  const memory = new MemoryAssertionReplay(clock);
  return redis ? new RedisAssertionReplay(memory, redis, clock) : memory;
}
