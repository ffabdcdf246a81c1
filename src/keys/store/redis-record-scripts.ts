/** The scripts by which Redis loads and stores key records, each in one atomic step. */
import { RedisScript } from '../../redis/redis-script.js';
import { BUDGET_TTL_MS, keyScriptPrelude } from './redis-acquire-script.js';

/**
 * Largest record that is transferred, in bytes. A hundred keys of 5 KiB, published and retiring, fit with a thousand tombstones;
 * Redis itself would hand out 512 MiB.
 */
export const LARGEST_RECORD_BYTES = 1_280 * 1024;

/** `KeyStore.timeMs`. KEYS record, which is not read: of several servers, the one that keeps it is asked. ARGV time or ''. */
export const readTime = new RedisScript(`${keyScriptPrelude}
return digits(clock(ARGV[1]))
`);

/**
 * `KeyStore.load`. Writes nothing, so that a read replica can answer it.
 * KEYS record. ARGV time or ''. Answers with the time, what is wrong ('' for nothing, 'absent'), the fence, the fields.
 */
export const loadRecord = new RedisScript(`${keyScriptPrelude}
local rec = KEYS[1]
local now = clock(ARGV[1])
local kind = redis.call('TYPE', rec).ok
if kind == 'none' then return {digits(now), 'absent', '0'} end
if kind ~= 'hash' then return {digits(now), 'wrong_type', '0'} end
local fence = digits(fence_of(rec, 'f', now))
local size = 0
for _, field in ipairs({'f', 'va', 'doc', 'kv', 'mac'}) do size = size + redis.call('HSTRLEN', rec, field) end
if size > ${LARGEST_RECORD_BYTES} then return {digits(now), 'too_large', fence} end
local fields = redis.call('HMGET', rec, 'f', 'va', 'doc', 'kv', 'mac')
for i = 1, 5 do
  if not fields[i] then return {digits(now), 'incomplete', fence} end
end
return {digits(now), '', fence, unpack(fields)}
`);

/**
 * `KeyStore.commit`. The record lives until \`hardTtl\` after the evidence, whenever it is written (defect D6).
 * KEYS record, budget. ARGV time or '', fence, base fence, hardTtl, validatedAt, document, key id, code, channel, hint.
 */
export const commitRecord = new RedisScript(`${keyScriptPrelude}
local rec, ctl = KEYS[1], KEYS[2]
local now, fence, base = clock(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local ttl, observed = tonumber(ARGV[4]), tonumber(ARGV[5])
local current = fence_of(rec, 'f', now)
if fence <= current then return 'STALE' end
if base ~= current then return 'REBASE' end
if observed + ttl <= now then return 'TOO_OLD' end
redis.call('UNLINK', rec)
redis.call('HSET', rec, 'f', ARGV[2], 'va', ARGV[5], 'doc', ARGV[6], 'kv', ARGV[7], 'mac', ARGV[8])
redis.call('PEXPIRE', rec, math.ceil(math.min(observed + ttl - now, ttl)))
if is_hash(ctl) and number(ctl, 'lf') == fence then redis.call('HDEL', ctl, 'lf', 'lx', 'fc', 'na') end
-- A hint only: a replica that may not publish, or misses the message, finds out by polling.
redis.pcall('PUBLISH', ARGV[9], ARGV[10])
return 'OK'
`);

/**
 * `KeyStore.fail`. KEYS budget. ARGV time or '', fence, random in [0, 1), backoff base, backoff cap, retryAfter, longest
 * backoff, abandoned or ''. Answers with the milliseconds until a fetch is allowed.
 */
export const failFetch = new RedisScript(`${keyScriptPrelude}
local ctl = KEYS[1]
local now, fence, random = clock(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if not is_hash(ctl) then return '0' end
if number(ctl, 'lf') == fence then
  if ARGV[8] == '' then
    local failures = (number(ctl, 'fc') or 0) + 1
    local full = math.min(tonumber(ARGV[4]) * 2 ^ (failures - 1), tonumber(ARGV[5]))
    local pause = math.max(full * (0.5 + random / 2), tonumber(ARGV[6]))
    redis.call('HSET', ctl, 'fc', digits(failures), 'na', digits(now + pause))
    local asked = tonumber(ARGV[6])
    if asked > 0 then redis.call('HSET', ctl, 'ra', digits(now + asked)) end
  end
  redis.call('HDEL', ctl, 'lf', 'lx')
  redis.call('PEXPIRE', ctl, ${BUDGET_TTL_MS})
end
local left = (number(ctl, 'na') or 0) - now
if left > tonumber(ARGV[7]) then left = 0 end
return digits(math.max(0, left))
`);
