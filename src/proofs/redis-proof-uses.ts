import { RedisUnavailable, type RedisLink } from '../redis/redis-link.js';
import type { RedisNames } from '../redis/redis-names.js';
import { RedisScript, scriptPrelude } from '../redis/redis-script.js';
import type { SharedProofUse, SharedProofUses, SharedUseOutcome } from './proof-replay.js';
import { ASKED_AGAIN_MS } from './requests-of-uses.js';

/**
 * The first use is what the key holds: the digest of its request and the time, both of them only where the request has a name. The
 * clock is that of Redis, so no two replicas can differ about the seconds between two questions.
 */
const useScript = new RedisScript(`${scriptPrelude}
local request = ARGV[1]
local now = clock('')
local use = request
if request ~= '' then use = request .. ':' .. digits(now) end
if redis.call('SET', KEYS[1], use, 'PX', ARGV[2], 'NX') then return 'first' end
if request == '' or redis.call('TYPE', KEYS[1]).ok ~= 'string' or redis.call('STRLEN', KEYS[1]) > 64 then return 'repeated' end
local first, at = string.match(redis.call('GET', KEYS[1]), '^([%w_-]+):(%d+)$')
if first ~= request then return 'repeated' end
local age = now - tonumber(at)
if age >= 0 and age <= tonumber(ARGV[3]) then return 'again' end
return 'repeated'
`);

/** The uses of all replicas: one name of 50 characters for each, which Redis forgets when the proof is too old for everybody. */
export class RedisProofUses implements SharedProofUses {
  constructor(
    private readonly link: RedisLink,
    private readonly names: RedisNames,
  ) {}

  async add(name: string, { lifeMs, request = '' }: SharedProofUse): Promise<SharedUseOutcome | undefined> {
    const input = { keys: [this.names.of('dpop', name)], args: [request, lifeMs, ASKED_AGAIN_MS] };
    try {
      const reply = await this.link.run('proof', (client) => useScript.run(client, input));
      return String(reply) as SharedUseOutcome;
    } catch (error) {
      if (error instanceof RedisUnavailable) return undefined;
      throw error;
    }
  }
}
