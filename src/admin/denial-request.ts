import type { JsonValue } from '../shared/json-value.js';
import { isThumbprint } from '../tokens/thumbprint.js';
import { fieldsInvalid, readObject } from './admin-body.js';
import type { FieldProblem } from './admin-problem.js';

/** Longest reason, in characters: a sentence and the number of an incident. */
const LONGEST_REASON = 200;

/** RFC 3339 §5.6 with an offset: a time without one is somebody's guess. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i;

/** What an operator says about a denial. */
export interface DenialRequest {
  readonly reason: string;
  /** Wall time, milliseconds since the epoch; absent: for ever. */
  readonly untilMs?: number;
}

/**
 * Reads the body of a denial, and the thumbprint of its path.
 * @throws {AdminProblem} 400 for what is no JSON object, 422 naming every field that is wrong
 */
export function readDenial(thumbprint: string, body: Uint8Array | undefined, nowMs: number): DenialRequest {
  const { reason, until, ...others } = readObject(body);
  const problems: FieldProblem[] = [];
  const refuse = (field: string, detail: string): void => void problems.push({ field, detail });
  if (!isThumbprint(thumbprint)) refuse('thumbprint', thumbprintExpected);
  if (!isReason(reason)) refuse('reason', `a text of 1 to ${LONGEST_REASON} characters without control characters`);
  const untilMs = until === undefined ? undefined : instantOf(until);
  if (untilMs !== undefined && !(untilMs > nowMs)) refuse('until', 'a time to come, such as 2026-12-01T00:00:00Z');
  // Its name is whatever somebody sent.
  if (Object.keys(others).length > 0) refuse('(unknown)', 'only reason and until');
  if (problems.length > 0) throw fieldsInvalid(problems);
  return { reason: reason as string, ...(untilMs === undefined ? {} : { untilMs }) };
}

/** @throws {AdminProblem} 422 */
export function requireThumbprint(thumbprint: string): void {
  if (!isThumbprint(thumbprint)) throw fieldsInvalid([{ field: 'thumbprint', detail: thumbprintExpected }]);
}

const thumbprintExpected = 'an RFC 7638 SHA-256 thumbprint, 43 characters of base64url';

function isReason(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value.length <= LONGEST_REASON && value.trim() !== '' && !/\p{Cc}/u.test(value);
}

/** @returns NaN for what is no point in time */
function instantOf(value: JsonValue): number {
  return typeof value === 'string' && instant.test(value) ? Date.parse(value) : Number.NaN;
}
