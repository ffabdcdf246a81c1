import { RedisScript } from '../redis/redis-script.js';

/** Most decisions that are kept; a list that is longer was not written by operators. */
export const MOST_DECISIONS = 1_000;

/** Longest subject and longest sealed decision, in bytes: Redis itself would hand out 512 MiB. */
const LONGEST_SUBJECT = 512;
const LONGEST_DECISION = 4_096;

/**
 * Lists decisions; writes nothing. KEYS decisions. Answers with what is wrong ('' for nothing), then subjects and
 * decisions in turn; a decision that is too long comes as nothing.
 */
export const listDecisions = new RedisScript(`
local kind = redis.call('TYPE', KEYS[1]).ok
if kind == 'none' then return {''} end
if kind ~= 'hash' then return {'wrong_type'} end
if redis.call('HLEN', KEYS[1]) > ${MOST_DECISIONS} then return {'too_large'} end
local reply = {''}
for _, subject in ipairs(redis.call('HKEYS', KEYS[1])) do
  if #subject <= ${LONGEST_SUBJECT} then
    local isSane = redis.call('HSTRLEN', KEYS[1], subject) <= ${LONGEST_DECISION}
    reply[#reply + 1] = subject
    reply[#reply + 1] = isSane and redis.call('HGET', KEYS[1], subject) or ''
  end
end
return reply
`);

/**
 * Keeps a decision unless what there was has been changed. KEYS decisions. ARGV subject, what there was ('' for
 * nothing or for something too long), the decision, its remaining time in milliseconds ('' for ever).
 */
export const keepDecision = new RedisScript(`
local key, subject = KEYS[1], ARGV[1]
if redis.call('TYPE', key).ok ~= 'hash' then redis.call('UNLINK', key) end
local there = ''
if redis.call('HSTRLEN', key, subject) <= ${LONGEST_DECISION} then there = redis.call('HGET', key, subject) or '' end
if there ~= ARGV[2] then return 'CHANGED' end
if redis.call('HEXISTS', key, subject) == 0 and redis.call('HLEN', key) >= ${MOST_DECISIONS} then return 'FULL' end
local left = redis.call('PTTL', key)
redis.call('HSET', key, subject, ARGV[3])
if ARGV[4] == '' then redis.call('PERSIST', key)
elseif left == -2 or (left >= 0 and left < tonumber(ARGV[4])) then redis.call('PEXPIRE', key, ARGV[4]) end
return 'OK'
`);

/** Removes a decision that has ended, unless it has been changed. KEYS decisions. ARGV subject, the decision. */
export const dropDecision = new RedisScript(`
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then return redis.call('HDEL', KEYS[1], ARGV[1]) end
return 0
`);
