/** How long it is remembered that a key is allowed again, so that no replica brings an older denial back. */
export const ALLOWANCE_MS = 30 * 24 * 3_600 * 1_000;

/** Which key of which issuer. */
export interface KeyName {
  /** Short id of the issuer. */
  readonly issuerId: string;
  /** RFC 7638 SHA-256, base64url. */
  readonly thumbprint: string;
}

/** What an operator has decided about one key of one issuer. Times are wall time, milliseconds since the epoch. */
export interface KeyDecision extends KeyName {
  /** `allowed` takes an earlier denial back. */
  readonly verdict: 'denied' | 'allowed';
  /** For people. */
  readonly reason: string;
  /** Who decided: the id of an admin token. */
  readonly by: string;
  /** When; of two decisions about a key the later one holds. */
  readonly atMs: number;
  /** When it ends by itself; absent: never. */
  readonly untilMs?: number;
}

/** Whether `one` holds in the place of `other`. Of two that were made in one moment the denial does: it is the safe one. */
export function supersedes(one: KeyDecision, other: KeyDecision | undefined): boolean {
  if (!other || one.atMs > other.atMs) return true;
  return one.atMs === other.atMs && one.verdict === 'denied' && other.verdict === 'allowed';
}

/** Whether a decision has ended by itself. */
export function isOver({ untilMs }: KeyDecision, nowMs: number): boolean {
  return untilMs !== undefined && nowMs >= untilMs;
}

/** What a decision is about, as one word. */
export function subjectOf({ issuerId, thumbprint }: KeyName): string {
  return `${issuerId} ${thumbprint}`;
}
