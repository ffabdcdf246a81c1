import { FENCE_LEAD_MS } from './fetch-budget.js';

/**
 * What the scripts have in common. A number that nobody here can have written counts as absent; nothing that is larger
 * than a number is read. Numbers leave with all their digits.
 */
export const scriptPrelude = `
local function clock(injected)
  if injected ~= '' then return tonumber(injected) end
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end

local function digits(n) return string.format('%.17g', n) end

local function is_hash(key) return redis.call('TYPE', key).ok == 'hash' end

local function number(key, field)
  if redis.call('HSTRLEN', key, field) > 32 then return nil end
  local text = redis.call('HGET', key, field)
  local n = text and tonumber(text)
  if n and n >= 0 and n <= 9007199254740991 then return n end
  return nil
end

local function fence_of(key, field, now)
  local fence = is_hash(key) and number(key, field)
  if fence and fence <= now + ${FENCE_LEAD_MS} then return fence end
  return 0
end
`;
