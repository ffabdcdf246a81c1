/** The scripts for the place where the version before keeps denials. */
import { RedisScript } from '../redis/redis-script.js';

/** Longest subject and longest sealed decision, in bytes: Redis itself would hand out 512 MiB. */
const LONGEST_SUBJECT = 512;
const LONGEST_DECISION = 4_096;

/** How many fields one question looks at. */
const PAGE_FIELDS = 200;

/**
 * Lists a part of the decisions; writes nothing. KEYS decisions. ARGV cursor. Answers with the cursor of the next part, '0' for
 * none, then subjects and decisions in turn. What is longer than any of ours is left out.
 */
export const listDecisions = new RedisScript(`
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return {'0'} end
local found = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ${PAGE_FIELDS})
local reply = {found[1]}
for i = 1, #found[2], 2 do
  if #found[2][i] <= ${LONGEST_SUBJECT} and #found[2][i + 1] <= ${LONGEST_DECISION} then
    reply[#reply + 1] = found[2][i]
    reply[#reply + 1] = found[2][i + 1]
  end
end
return reply
`);

/** Answers with one decision, or with nothing. KEYS decisions. ARGV subject. */
export const readDecisionScript = new RedisScript(`
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return '' end
if redis.call('HSTRLEN', KEYS[1], ARGV[1]) > ${LONGEST_DECISION} then return '' end
return redis.call('HGET', KEYS[1], ARGV[1]) or ''
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
local left = redis.call('PTTL', key)
redis.call('HSET', key, subject, ARGV[3])
if ARGV[4] == '' then redis.call('PERSIST', key)
elseif left == -2 or (left >= 0 and left < tonumber(ARGV[4])) then redis.call('PEXPIRE', key, ARGV[4]) end
return 'OK'
`);
