import type { Period } from './instant.js';

/** Which decisions are looked for. */
export interface Sought extends Period {
  /** Hashes of the subject, one for each key. */
  readonly hashes: readonly string[];
  readonly issuer: string | undefined;
}

/** A line of the trail. */
export interface AuditedDecision {
  readonly line: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The decision on this line of an audit trail, if it is one of those that are looked for. A line that is torn is none. */
export function decisionIn(line: string, { hashes, issuer, fromMs, toMs }: Sought): AuditedDecision | undefined {
  // A trail has millions of lines: only those that have the hash somewhere are read.
  if (!hashes.some((hash) => line.includes(hash))) return undefined;
  const fields = fieldsOf(line);
  const { subHash, time } = fields;
  if (typeof subHash !== 'string' || !hashes.includes(subHash) || typeof time !== 'string') return undefined;
  if (issuer !== undefined && fields['issuer'] !== issuer) return undefined;
  const atMs = Date.parse(time);
  const isWithin = (fromMs === undefined || atMs >= fromMs) && (toMs === undefined || atMs < toMs);
  return isWithin ? { line, fields } : undefined;
}

function fieldsOf(line: string): AuditedDecision['fields'] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as AuditedDecision['fields']) : {};
  } catch {
    return {};
  }
}
