/** Shares through Redis what each replica reports of its issuers and denials, so that any replica can show the whole fleet. */
import type { RedisLink } from '../redis/redis-link.js';
import type { RedisNames } from '../redis/redis-names.js';
import { RedisScript } from '../redis/redis-script.js';
import {
  LONGEST_STATE,
  LOST_AFTER_MS,
  MOST_NAMES,
  MOST_REPLICAS,
  readIssuerStates,
  readReplicaReach,
  type RememberedReplicas,
  type ReplicaState,
  ReplicaStates,
  type SeenReplica,
  writeIssuerStates,
  writeReplicaReach,
} from './replica-states.js';

const prelude = `
local seen, states, reach = KEYS[1], KEYS[2], KEYS[3]
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local function is_sound(key, kind)
  local found = redis.call('TYPE', key).ok
  return found == kind or found == 'none'
end
local is_readable = is_sound(seen, 'zset') and is_sound(states, 'hash') and is_sound(reach, 'hash')
`;

/**
 * KEYS seen, states, reach. ARGV replica, issuers, reach, forget after. Answers with the replicas that are forgotten. Who was
 * seen in the future was seen by a clock that has been set back, and counts as seen now.
 */
const reportScript = new RedisScript(`${prelude}
if not is_readable then redis.call('UNLINK', seen, states, reach) end
local forget_after = tonumber(ARGV[4])
for _, early in ipairs(redis.call('ZRANGEBYSCORE', seen, '(' .. string.format('%.17g', now), '+inf')) do
  redis.call('ZADD', seen, now, early)
end
redis.call('ZADD', seen, now, ARGV[1])
local forgotten = redis.call('ZRANGEBYSCORE', seen, '-inf', now - forget_after, 'LIMIT', 0, ${MOST_NAMES})
local excess = redis.call('ZCARD', seen) - #forgotten - ${MOST_NAMES}
if excess > 0 then
  local lost = redis.call('ZRANGEBYSCORE', seen, '-inf', now - ${LOST_AFTER_MS}, 'LIMIT', #forgotten, math.min(excess, ${MOST_NAMES}))
  for _, each in ipairs(lost) do forgotten[#forgotten + 1] = each end
end
for _, each in ipairs(forgotten) do
  redis.call('ZREM', seen, each)
  redis.call('HDEL', states, each)
  redis.call('HDEL', reach, each)
end
if redis.call('HEXISTS', states, ARGV[1]) == 1 or redis.call('HLEN', states) < ${MOST_REPLICAS} then
  redis.call('HSET', states, ARGV[1], ARGV[2])
  redis.call('HSET', reach, ARGV[1], ARGV[3])
end
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, forget_after + ${LOST_AFTER_MS}) end
return forgotten
`);

/** KEYS seen, states, reach. ARGV replica. Answers with 1 where it was remembered. */
const leaveScript = new RedisScript(`${prelude}
if not is_readable then return 0 end
redis.call('HDEL', states, ARGV[1])
redis.call('HDEL', reach, ARGV[1])
return redis.call('ZREM', seen, ARGV[1])
`);

/** KEYS seen, states, reach. ARGV part. Writes nothing. Answers with the number of names, then replica, age, issuers and reach in turn. */
const allScript = new RedisScript(`${prelude}
if not is_readable then return { '0' } end
local reply = { tostring(redis.call('ZCARD', seen)) }
local function text(key, replica)
  if redis.call('HSTRLEN', key, replica) > ${LONGEST_STATE} then return '' end
  return redis.call('HGET', key, replica) or ''
end
local function reported(replica)
  local all = text(reach, replica)
  if ARGV[1] ~= 'names' then return all end
  local region = string.match(all, '^{"region":"[%w_.-]*"')
  return region and region .. '}' or ''
end
local latest = redis.call('ZREVRANGE', seen, 0, ${MOST_NAMES - 1}, 'WITHSCORES')
local shown = 0
for i = 1, #latest, 2 do
  if shown < ${MOST_REPLICAS} and redis.call('HEXISTS', states, latest[i]) == 1 then
    shown = shown + 1
    reply[#reply + 1] = latest[i]
    reply[#reply + 1] = tostring(math.max(0, now - tonumber(latest[i + 1])))
    reply[#reply + 1] = ARGV[1] == 'whole' and text(states, latest[i]) or '{}'
    reply[#reply + 1] = reported(latest[i])
  end
end
return reply
`);

/** The states that replicas report to each other through Redis. Operations throw {@link RedisUnavailable}. */
export class RedisReplicaStates extends ReplicaStates {
  /** When each replica last reported, on Redis' clock, the states of its issuers, and the denials that are in force there. */
  private readonly keys: readonly [string, string, string];

  constructor(
    private readonly link: RedisLink,
    names: RedisNames,
  ) {
    super();
    this.keys = [names.in('replicas', 'seen'), names.in('replicas', 'states'), names.in('replicas', 'reach')];
  }

  override async report(state: ReplicaState, forgetAfterMs: number): Promise<readonly string[]> {
    const args = [state.replica, writeIssuerStates(state), writeReplicaReach(state), String(forgetAfterMs)];
    const reply = await this.link.run('tell', (client) => reportScript.run(client, { keys: this.keys, args }));
    return (reply as readonly Buffer[]).map(String);
  }

  override async leave(replica: string): Promise<boolean> {
    const args = [replica];
    const reply = await this.link.run('leave', (client) => leaveScript.run(client, { keys: this.keys, args }));
    return Number(reply) === 1;
  }

  override async all(part: 'whole' | 'reach' | 'names' = 'whole'): Promise<RememberedReplicas> {
    const args = [part];
    const reply = await this.link.run('replicas', (client) => allScript.run(client, { keys: this.keys, args }));
    const [names, ...words] = reply as readonly Buffer[];
    const replicas: SeenReplica[] = [];
    for (let i = 0; i + 3 < words.length; i += 4) {
      const name = String(words[i]);
      const state = readIssuerStates(name, words[i + 2] ?? Buffer.alloc(0));
      const reach = readReplicaReach(name, words[i + 3] ?? Buffer.alloc(0));
      if (state) replicas.push({ ...reach, ...state, seenAgoMs: Number(words[i + 1]) });
    }
    return { replicas, more: Number(String(names)) - replicas.length };
  }
}
