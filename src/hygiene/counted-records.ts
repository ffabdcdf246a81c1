import { nameOf } from './shared-uses.js';
import type { IssuerUse, SeenUses } from './use-counter.js';
import { partName } from './use-parts.js';
import type { UseRecord, Watched } from './use-record.js';

/** What was counted since the last time. */
export interface Counted {
  readonly issuers: SeenUses;
  /** Names of parts, by the ids of callers. */
  readonly rights: ReadonlyMap<string, readonly string[]>;
  /** Ids of the callers that have asked. */
  readonly callers: Iterable<string>;
  /** Ids of the admins that have used the admin API. */
  readonly admins: Iterable<string>;
}

/** What was counted, as records that can be merged with others. All of it counts as used now: no clock was read when it was counted. */
export function countedRecords(counted: Counted, nowMs: number): Map<string, UseRecord> {
  const used = { sinceMs: nowMs, lastMs: nowMs };
  const rights = new Map<string, Map<string, Watched>>();
  for (const id of counted.callers) rights.set(id, new Map());
  for (const [id, parts] of counted.rights) rights.set(id, new Map(parts.map((name) => [name, used])));
  const records = new Map<string, UseRecord>();
  for (const id of counted.admins) records.set(nameOf({ kind: 'admin', id }), { ...used, parts: new Map() });
  for (const [id, use] of counted.issuers) {
    records.set(nameOf({ kind: 'issuer', id }), issuerRecord(use, used));
    for (const caller of use.callers) {
      const granted = rights.get(caller) ?? new Map<string, Watched>();
      rights.set(caller, granted.set(id, used));
    }
  }
  for (const [id, parts] of rights) records.set(nameOf({ kind: 'caller', id }), { ...used, parts });
  return records;
}

function issuerRecord({ isUsed, keys, algorithms, longestSeconds }: IssuerUse, used: Required<Watched>): UseRecord {
  const { sinceMs } = used;
  const names = [...keys, ...[...algorithms].map((alg) => partName('algorithm', alg))];
  return {
    ...(isUsed ? used : { sinceMs }),
    parts: new Map(names.map((name) => [name, used])),
    ...(longestSeconds > 0 && { longest: { seconds: Math.round(longestSeconds), atMs: sinceMs } }),
  };
}
