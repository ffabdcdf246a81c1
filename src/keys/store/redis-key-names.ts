import { createHash } from 'node:crypto';

/** Where commits are announced, as `<name> <fence>`: a hint for other replicas, nothing more. */
export const COMMIT_CHANNEL = 'assay:commits';

/** The names of one key source in Redis. */
export interface RedisKeyNames {
  /** SHA-256 of the source, in hexadecimal: no source can spell another's name (attack G-05). */
  readonly name: string;
  readonly record: string;
  readonly budget: string;
}

/** The braces keep all keys of a source in one slot of a cluster. */
export function redisKeyNames(source: string): RedisKeyNames {
  const name = createHash('sha256').update(source).digest('hex');
  return { name, record: `assay:{${name}}:rec`, budget: `assay:{${name}}:ctl` };
}
