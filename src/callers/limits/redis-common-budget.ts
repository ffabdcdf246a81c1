import { RedisScript, scriptPrelude } from '../../redis/redis-script.js';
import { redisKeyOf, type CallersRedis } from './callers-redis.js';
import type { RateLimit } from './rate-limit.js';
import type { CommonBudget, Lease, LeaseRequest } from './shared-meter.js';

/**
 * A token bucket on Redis' clock. KEYS bucket. ARGV time or '', per second, burst, owed, wanted. What is owed can make it a
 * debt, of a burst at most. A bucket that this script cannot have written counts as a full one.
 */
const lease = new RedisScript(`${scriptPrelude}
local bucket, now = KEYS[1], clock(ARGV[1])
local rate, burst, owed, wanted = tonumber(ARGV[2]) / 1000, tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
if redis.call('TYPE', bucket).ok ~= 'hash' then redis.call('DEL', bucket) end
local at, spent = number(bucket, 'at'), number(bucket, 'spent')
if not at or not spent or at > now or spent > 2 * burst then at, spent = now, 0 end
spent = math.min(math.max(0, spent - (now - at) * rate) + owed, 2 * burst)
local granted = math.min(wanted, math.max(0, math.floor(burst - spent)))
spent = spent + granted
redis.call('HSET', bucket, 'at', digits(now), 'spent', digits(spent))
redis.call('PEXPIRE', bucket, math.ceil(spent / rate) + 1000)
return { granted, math.ceil(math.max(0, spent + 1 - burst) / rate) }
`);

/** A budget that all replicas draw from, in Redis. */
export class RedisCommonBudget implements CommonBudget {
  private readonly key: string;

  /**
   * @param id whose budget it is
   * @param nowMs in place of Redis' clock, for tests
   * @param kind requests, or guesses at a weak secret
   */
  constructor(
    private readonly redis: CallersRedis,
    id: string,
    private readonly limit: Omit<RateLimit, 'shared'>,
    private readonly nowMs?: () => number,
    kind: 'rate' | 'guess' = 'rate',
  ) {
    // Of the limit too: replicas with the old configuration and with the new one do not read each other's numbers.
    this.key = redisKeyOf(redis, kind, [id, limit.perSecond, limit.burst]);
  }

  /** @throws {RedisUnavailable} */
  async lease({ owed, wanted }: LeaseRequest): Promise<Lease> {
    const { perSecond, burst } = this.limit;
    const input = { keys: [this.key], args: [this.nowMs?.() ?? '', perSecond, burst, owed, wanted] };
    const reply = await this.redis.link.run('lease', (client) => lease.run(client, input));
    const [granted = 0, waitMs = 0] = Array.isArray(reply) ? reply.map(Number) : [];
    return { granted, waitMs };
  }
}
