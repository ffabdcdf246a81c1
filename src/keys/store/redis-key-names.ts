import type { RedisNames } from '../../redis/redis-names.js';
import { sourceName } from './source-name.js';

/** The names of one key source in Redis. */
export interface RedisKeyNames {
  /** See {@link sourceName}. */
  readonly name: string;
  readonly record: string;
  readonly budget: string;
}

/** The names of the data of one key source, in one environment. */
export function redisKeyNames(names: RedisNames, source: string): RedisKeyNames {
  const name = sourceName(source);
  return { name, record: names.in(name, 'rec'), budget: names.in(name, 'ctl') };
}

/** Where commits are announced, as `<name> <fence>`: a hint for other replicas, nothing more. */
export function commitChannel(names: RedisNames): string {
  return names.of('commits');
}
