/** The scripts by which Redis grants a fetch from an issuer's budget, in one atomic step. */
import { RedisScript, scriptPrelude } from '../../redis/redis-script.js';
import { LEASE_MS } from '../key-timing.js';
import { FENCE_LEAD_MS } from './fetch-budget.js';

/** The Lua functions of the key store's scripts. A fence that no fetch can have been given counts as none. */
export const keyScriptPrelude = `${scriptPrelude}
local function fence_of(key, field, now)
  local fence = is_hash(key) and number(key, field)
  if fence and fence <= now + ${FENCE_LEAD_MS} then return fence end
  return 0
end
`;

/** How long Redis remembers the budget of a source that is not asked about, in milliseconds: longer than any of its parts. */
export const BUDGET_TTL_MS = 7 * 24 * 60 * 60 * 1_000;

/**
 * `KeyStore.acquire` for a fetch: `claim` of fetch-budget.ts, line by line. A property test holds the two together.
 * KEYS record, budget. ARGV time or '', kind, known fence, refused fence, dueAfter, minSpacing, missBurst, missCooldown,
 * longest backoff, missAfterFailure. Answers with a verdict and its numbers.
 */
export const acquireFetch = new RedisScript(`${keyScriptPrelude}
local rec, ctl = KEYS[1], KEYS[2]
local now, kind = clock(ARGV[1]), ARGV[2]
local known, refused, due = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local spacing, burst = tonumber(ARGV[6]), tonumber(ARGV[7])
local cooldown, longest_backoff = tonumber(ARGV[8]), tonumber(ARGV[9])
local after_failure = tonumber(ARGV[10])

local base = fence_of(rec, 'f', now)
local usable = base > 0 and base ~= refused
if usable and base > known then return {'NEWER', digits(base)} end

local has_budget = is_hash(ctl)
local function kept(field, latest)
  local n = has_budget and number(ctl, field)
  if n and n <= latest then return n end
  return -math.huge
end
local lease_until = kept('lx', now + ${LEASE_MS})
local started = kept('ls', now)
local backoff_until = kept('na', now + longest_backoff)
local paused_until = kept('ra', now + longest_backoff)
local arrival = kept('tat', now + burst * cooldown)
local failures = has_budget and number(ctl, 'fc') or 0

local function refuse(verdict, until_ms) return {verdict, digits(until_ms - now)} end
if lease_until > now then return refuse('BUSY', lease_until) end
local is_miss = kind == 'miss'
local regular = math.max(backoff_until, arrival - (burst - 1) * cooldown)
local opens = is_miss and regular or backoff_until
if is_miss and failures > 0 then opens = math.min(regular, math.max(started + after_failure, paused_until)) end
local has_failed = backoff_until > now or (is_miss and failures > 0)
if has_failed and opens > now then return refuse('BACKOFF', opens) end
local spaced_until = started + spacing
if spaced_until > now then return refuse('SPACED', spaced_until) end
local observed = usable and number(rec, 'va')
if kind == 'refresh' and observed and observed <= now and observed + due > now then
  return refuse('FRESH', observed + due)
end
if is_miss and opens > now then return refuse('LIMITED', opens) end

local fence = math.max(fence_of(ctl, 'fence', now) + 1, base + 1, math.floor(now))
if is_miss and regular <= now then arrival = math.max(arrival, now) + cooldown end
local budget = {'fence', digits(fence), 'lf', digits(fence), 'lx', digits(now + ${LEASE_MS}), 'ls', digits(now)}
local function keep(field, n)
  if n > 0 then
    table.insert(budget, field)
    table.insert(budget, digits(n))
  end
end
keep('tat', arrival)
keep('na', backoff_until)
keep('fc', failures)
redis.call('UNLINK', ctl)
redis.call('HSET', ctl, unpack(budget))
redis.call('PEXPIRE', ctl, ${BUDGET_TTL_MS})
return {'GRANT', digits(fence), digits(base), digits(now)}
`);

/**
 * `KeyStore.acquire` for a push: a fence, and nothing is spent.
 * KEYS record, budget. ARGV time or '', validatedAt, refused fence.
 */
export const acquirePush = new RedisScript(`${keyScriptPrelude}
local rec, ctl = KEYS[1], KEYS[2]
local now, observed, refused = clock(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local base = fence_of(rec, 'f', now)
local theirs = base > 0 and base ~= refused and number(rec, 'va')
if theirs and theirs >= observed then return {'OLDER'} end
local has_budget = is_hash(ctl)
local lease_until = has_budget and number(ctl, 'lx') or 0
if lease_until > now and lease_until <= now + ${LEASE_MS} then return {'BUSY', digits(lease_until - now)} end
local fence = math.max(fence_of(ctl, 'fence', now) + 1, base + 1, math.floor(now))
if not has_budget then redis.call('UNLINK', ctl) end
redis.call('HSET', ctl, 'fence', digits(fence))
redis.call('PEXPIRE', ctl, ${BUDGET_TTL_MS})
return {'GRANT', digits(fence), digits(base), digits(now)}
`);
