import type { Finding, JudgedBy } from './findings.js';
import type { Watched } from './use-record.js';

/** Whether something was not used for too long, or not yet. @returns undefined for what was used lately */
export function unused(
  { sinceMs, lastMs }: Watched,
  { terms: { unusedAfter }, nowMs }: JudgedBy,
): Pick<Finding, 'isDecided' | 'watched'> | undefined {
  const isDecided = nowMs - (lastMs ?? sinceMs) >= unusedAfter;
  return isDecided || lastMs === undefined
    ? { isDecided, watched: { sinceMs, ...(lastMs !== undefined && { lastMs }) } }
    : undefined;
}
