import { RedisUnavailable, type RedisLink } from '../redis/redis-link.js';
import type { RedisNames } from '../redis/redis-names.js';
import type { SharedProofUses } from './proof-replay.js';

/** The uses of all replicas: one name of 50 characters for each, which Redis forgets when the proof is too old for everybody. */
export class RedisProofUses implements SharedProofUses {
  constructor(
    private readonly link: RedisLink,
    private readonly names: RedisNames,
  ) {}

  async add(name: string, lifeMs: number): Promise<boolean | undefined> {
    const key = this.names.of('dpop', name);
    try {
      return (await this.link.run('proof', (client) => client.set(key, '', 'PX', lifeMs, 'NX'))) !== null;
    } catch (error) {
      if (error instanceof RedisUnavailable) return undefined;
      throw error;
    }
  }
}
