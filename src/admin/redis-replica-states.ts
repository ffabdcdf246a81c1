import type { RedisLink } from '../redis/redis-link.js';
import type { RedisNames } from '../redis/redis-names.js';
import { RedisScript } from '../redis/redis-script.js';
import {
  LONGEST_STATE,
  readReplicaState,
  writeReplicaState,
  type ReplicaState,
  type SeenReplica,
  GONE_AFTER_MS,
  ReplicaStates,
} from './replica-states.js';

/** Most replicas that are shown. */
const MOST_REPLICAS = 200;

const prelude = `
local seen, states = KEYS[1], KEYS[2]
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local function is_sound(key, kind)
  local found = redis.call('TYPE', key).ok
  return found == kind or found == 'none'
end
`;

/** KEYS seen, states. ARGV replica, state. Who was counted from the future was counted by a clock that has been set back. */
const reportScript = new RedisScript(`${prelude}
if not is_sound(seen, 'zset') or not is_sound(states, 'hash') then redis.call('UNLINK', seen, states) end
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', seen, '-inf', now - ${GONE_AFTER_MS})) do
  redis.call('HDEL', states, gone)
end
redis.call('ZREMRANGEBYSCORE', seen, '-inf', now - ${GONE_AFTER_MS})
redis.call('ZREMRANGEBYSCORE', seen, '(' .. string.format('%.17g', now), '+inf')
redis.call('ZADD', seen, now, ARGV[1])
redis.call('HSET', states, ARGV[1], ARGV[2])
redis.call('PEXPIRE', seen, ${GONE_AFTER_MS})
redis.call('PEXPIRE', states, ${GONE_AFTER_MS})
return 'OK'
`);

/** KEYS seen, states. Writes nothing. Answers with replica, age and state in turn. */
const all = new RedisScript(`${prelude}
local reply = {}
if not is_sound(seen, 'zset') or not is_sound(states, 'hash') then return reply end
local living = redis.call('ZRANGEBYSCORE', seen, now - ${GONE_AFTER_MS}, now, 'WITHSCORES', 'LIMIT', 0, ${MOST_REPLICAS})
for i = 1, #living, 2 do
  if redis.call('HSTRLEN', states, living[i]) <= ${LONGEST_STATE} then
    reply[#reply + 1] = living[i]
    reply[#reply + 1] = tostring(now - tonumber(living[i + 1]))
    reply[#reply + 1] = redis.call('HGET', states, living[i]) or ''
  end
end
return reply
`);

/** The states that replicas report to each other through Redis. Operations throw {@link RedisUnavailable}. */
export class RedisReplicaStates extends ReplicaStates {
  /** When each replica last reported, on Redis' clock, and its report. */
  private readonly keys: readonly [string, string];

  constructor(
    private readonly link: RedisLink,
    names: RedisNames,
  ) {
    super();
    this.keys = [names.in('replicas', 'seen'), names.in('replicas', 'states')];
  }

  override async report(state: ReplicaState): Promise<void> {
    const args = [state.replica, writeReplicaState(state)];
    await this.link.run('tell', (client) => reportScript.run(client, { keys: this.keys, args }));
  }

  override async leave(replica: string): Promise<void> {
    await this.link.run('leave', async (client) => {
      await Promise.all([client.zrem(this.keys[0], replica), client.hdel(this.keys[1], replica)]);
    });
  }

  override async all(): Promise<readonly SeenReplica[]> {
    const reply = await this.link.run('replicas', (client) => all.run(client, { keys: this.keys, args: [] }));
    const words = reply as readonly Buffer[];
    const seen: SeenReplica[] = [];
    for (let i = 0; i + 2 < words.length; i += 3) {
      const state = readReplicaState(String(words[i]), words[i + 2] ?? Buffer.alloc(0));
      if (state) seen.push({ ...state, seenAgoMs: Math.max(0, Number(words[i + 1])) });
    }
    return seen;
  }
}
