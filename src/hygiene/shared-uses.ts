import type { UseRecord } from './use-record.js';

/** An issuer, a caller or an admin of the configuration. */
export interface Subject {
  readonly kind: 'issuer' | 'caller' | 'admin';
  readonly id: string;
}

/** One text for each: no kind has a space. */
export function nameOf({ kind, id }: Subject): string {
  return `${kind} ${id}`;
}

/** A record as it is stored. */
export interface StoredUse {
  readonly record: UseRecord;
  /** Its seal will not be believed much longer: to be written again. */
  readonly isSealedByOlderKey: boolean;
}

/** Shares between replicas how issuers and callers are used, and keeps it longer than any replica lives. */
export abstract class SharedUses {
  /** The records of these, in their order; `undefined` where there is none that can be believed. @throws {RedisUnavailable} */
  abstract read(subjects: readonly Subject[]): Promise<readonly (StoredUse | undefined)[]>;

  /** Replaces the records of these. @throws {RedisUnavailable} */
  abstract write(records: readonly (readonly [Subject, UseRecord])[]): Promise<void>;
}
