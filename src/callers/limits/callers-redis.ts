import { createHash } from 'node:crypto';
import type { RedisLink } from '../../redis/redis-link.js';
import type { RedisNames } from '../../redis/redis-names.js';

/** Where replicas share what they know of callers. */
export interface CallersRedis {
  readonly link: RedisLink;
  readonly names: RedisNames;
}

/** What they share: requests, guesses at weak secrets, assertions that were used. */
type Shared = 'rate' | 'guess' | 'replay';

/** The name of it in Redis: a digest, because ids and `jti` are nobody's business who reads Redis. */
export function redisKeyOf({ names }: CallersRedis, shared: Shared, parts: readonly (string | number)[]): string {
  return names.of(shared, createHash('sha256').update(JSON.stringify(parts)).digest('hex'));
}
