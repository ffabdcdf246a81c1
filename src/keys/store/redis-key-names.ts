import { createHash } from 'node:crypto';
import type { RedisNames } from '../../redis/redis-names.js';

/** The names of one key source in Redis. */
export interface RedisKeyNames {
  /** SHA-256 of the source, in hexadecimal: no source can spell another's name (attack G-05). */
  readonly name: string;
  readonly record: string;
  readonly budget: string;
}

/** How the data of one key source is called in one environment. */
export function redisKeyNames(names: RedisNames, source: string): RedisKeyNames {
  const name = createHash('sha256').update(source).digest('hex');
  return { name, record: names.in(name, 'rec'), budget: names.in(name, 'ctl') };
}

/** Where commits are announced, as `<name> <fence>`: a hint for other replicas, nothing more. */
export function commitChannel(names: RedisNames): string {
  return names.of('commits');
}
