import { createHash } from 'node:crypto';
import type { RedisClient } from './redis-link.js';

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
