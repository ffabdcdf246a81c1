import { nameOf } from './shared-uses.js';
import type { IssuerUse, SeenUses } from './use-counter.js';
import type { UseRecord, Watched } from './use-record.js';

/**
 * What was counted, as records that can be merged with others. All of it counts as used now: no clock was read when it was counted.
 * @param callers ids of those that have asked
 */
export function countedRecords(seen: SeenUses, callers: Iterable<string>, nowMs: number): Map<string, UseRecord> {
  const used = { sinceMs: nowMs, lastMs: nowMs };
  const rights = new Map<string, Map<string, Watched>>();
  for (const id of callers) rights.set(id, new Map());
  const records = new Map<string, UseRecord>();
  for (const [id, use] of seen) {
    records.set(nameOf({ kind: 'issuer', id }), issuerRecord(use, used));
    for (const caller of use.callers) {
      const granted = rights.get(caller) ?? new Map<string, Watched>();
      rights.set(caller, granted.set(id, used));
    }
  }
  for (const [id, parts] of rights) records.set(nameOf({ kind: 'caller', id }), { ...used, parts });
  return records;
}

function issuerRecord({ isUsed, keys, longestSeconds }: IssuerUse, used: Required<Watched>): UseRecord {
  const { sinceMs } = used;
  return {
    ...(isUsed ? used : { sinceMs }),
    parts: new Map([...keys].map((thumbprint) => [thumbprint, used])),
    ...(longestSeconds > 0 && { longest: { seconds: Math.round(longestSeconds), atMs: sinceMs } }),
  };
}
