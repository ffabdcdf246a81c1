import { createHash } from 'node:crypto';

/** Hexadecimal digits that tell environments apart: 64 bits, so that no two meet by chance. */
const TAG_DIGITS = 16;

/**
 * The names under which one environment keeps its data in Redis. Every name carries a digest of the environment, so that two
 * deployments on one Redis never read, count or overwrite what belongs to the other. All names begin with `assay:`, so that
 * one pattern of the access control list covers them.
 */
export class RedisNames {
  private readonly tag: string;

  /** @param environment whose data it is, as in the seal of records: see `RecordMac` */
  constructor(environment: string) {
    this.tag = createHash('sha256').update(environment).digest('hex').slice(0, TAG_DIGITS);
  }

  /** A key or a channel that stands alone: no script works with it together with others. */
  of(kind: string, ...words: readonly string[]): string {
    return ['assay', this.tag, kind, ...words].join(':');
  }

  /** A key that scripts work with together with others of the same `group`: the braces keep a group in one slot of a cluster. */
  in(group: string, kind: string): string {
    return `assay:{${this.tag}:${group}}:${kind}`;
  }
}
