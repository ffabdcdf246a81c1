import { RedisUnavailable } from '../../../redis/redis-link.js';
import type { Clock } from '../../../shared/clock.js';
import { redisKeyOf, type CallersRedis } from '../../limits/callers-redis.js';
import { AssertionReplay, MemoryAssertionReplay } from './assertion-replay.js';

/** So much longer a use is remembered than our clock says: the clock of another replica may be late. In milliseconds. */
const CLOCK_DIFFERENCE_MS = 60_000;

/**
 * The uses of all replicas. This process looks into its own memory first: that is bounded for each caller, and so bounds what is
 * written to Redis. While Redis is away that memory is all there is: an assertion that was used here is refused here, and could be
 * used once more at each other replica, or here after a restart, until it expires.
 */
class RedisAssertionReplay extends AssertionReplay {
  constructor(
    private readonly memory: AssertionReplay,
    private readonly redis: CallersRedis,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async use(clientId: string, jti: string, untilMs: number): Promise<boolean> {
    if (!(await this.memory.use(clientId, jti, untilMs))) return false;
    const key = redisKeyOf(this.redis, 'replay', [clientId, jti]);
    const lifeMs = Math.max(1, Math.ceil(untilMs - this.clock.wallMs())) + CLOCK_DIFFERENCE_MS;
    try {
      // One step: of two replicas that are shown the same assertion at the same moment one is the first.
      return (await this.redis.link.run('replay', (client) => client.set(key, '', 'PX', lifeMs, 'NX'))) !== null;
    } catch (error) {
      if (error instanceof RedisUnavailable) return true;
      throw error;
    }
  }
}

/** @param redis where replicas meet; without it the uses are those of this process */
export function composeAssertionReplay(clock: Clock, redis?: CallersRedis): AssertionReplay {
  const memory = new MemoryAssertionReplay(clock);
  return redis ? new RedisAssertionReplay(memory, redis, clock) : memory;
}
