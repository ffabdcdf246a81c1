/** Runs a script in Redis as one atomic step, also after Redis has forgotten it. */
import { createHash } from 'node:crypto';
import type { RedisClient } from './redis-link.js';

/**
 * Lua functions that scripts have in common. A number that this service cannot have written counts as absent, a value that
 * is longer than any number is not read, and numbers leave with all their digits.
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
`;

/** What one run of a script works with. All keys of a script live in one slot of a cluster. */
export interface ScriptInput {
  readonly keys: readonly string[];
  readonly args: readonly (string | number | Buffer)[];
}

/** One atomic step in Redis. Sent by its digest; in full where the server does not have it: after a restart, a failover. */
export class RedisScript {
  private readonly digest: string;

  constructor(private readonly lua: string) {
    this.digest = createHash('sha1').update(lua).digest('hex');
  }

  /** Strings of the reply come as the bytes that they are. */
  async run(client: RedisClient, { keys, args }: ScriptInput): Promise<unknown> {
    try {
      return await client.callBuffer('evalsha', this.digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return client.callBuffer('eval', this.lua, keys.length, ...keys, ...args);
    }
  }
}
