import { hash } from 'node:crypto';
import type { SubjectScope } from '../../issuers/subject-scope.js';
import { DIGEST_BYTES } from './digest-table.js';

/** What a decision can end before its time. A fixed set: it is a label of a metric. */
export const revocationKinds = [
  'token', // one token, by its id, or by what was signed where it has none
  'session', // every token of a session, whenever it was issued
  'subject', // tokens of a subject that were issued up to a second
  'client', // tokens of a client that were issued up to a second
  'issuer', // all tokens that were issued up to a second
] as const;

/** One of {@link revocationKinds}. */
export type RevocationKind = (typeof revocationKinds)[number];

/** Of these, tokens pass that were issued later. */
export const cutOffKinds: ReadonlySet<RevocationKind> = new Set(['subject', 'client', 'issuer']);

/** What an operator reads of a cut-off. Nothing of it says whose it is. */
export interface RevocationNote {
  readonly reason: string;
  /** Id of an admin token, or of a caller. */
  readonly by: string;
}

/**
 * A decision. Times in whole seconds since the epoch. It says whom it is about by a digest alone, so that neither Redis nor a dump of the
 * memory is a list of users.
 */
export interface Revocation {
  /** Id of the registration. */
  readonly issuerId: string;
  readonly kind: RevocationKind;
  /** {@link DIGEST_BYTES} of {@link digestOf}. */
  readonly digest: Buffer;
  /** For {@link cutOffKinds}: the second up to which tokens were issued that are refused; 0 for the others. */
  readonly before: number;
  /** `allowed` takes a decision back. */
  readonly verdict: 'revoked' | 'allowed';
  /** When it was decided; of two decisions about the same the later one holds. */
  readonly at: number;
  /** When no token can be left that it is about. */
  readonly until: number;
  /** For {@link cutOffKinds}. */
  readonly note?: RevocationNote;
}

/** Whether `one` holds in the place of `other`. Of two of one second the revocation does: it is the safe one. */
export function holdsInstead(
  one: Pick<Revocation, 'at' | 'verdict' | 'until'>,
  other: Pick<Revocation, 'at' | 'verdict' | 'until'> | undefined,
): boolean {
  if (!other) return true;
  if (one.at !== other.at) return one.at > other.at;
  if (one.verdict !== other.verdict) return one.verdict === 'revoked';
  return one.until > other.until;
}

/** What two decisions about the same amount to: of two revocations the later one, which a shorter end of either does not end sooner. */
export function joined(one: Revocation, other: Revocation | undefined): Revocation {
  const later = !other || holdsInstead(one, other) ? one : other;
  if (!other || one.verdict !== 'revoked' || other.verdict !== 'revoked') return later;
  return { ...later, until: Math.max(one.until, other.until) };
}

/** What a token is revoked by that has no id: what was signed, whatever its signature is written like. */
export const SIGNED_INPUT = 'signed_input';

/** What a subject may be found by beside its own name: an address, in lower case. */
export const EMAIL = 'email';

/**
 * What something is found by: SHA-256 of whose it is and what it is, its first {@link DIGEST_BYTES}. The same at every replica and after
 * every change of secrets, because decisions outlive them.
 */
export function digestOf(
  scope: SubjectScope,
  kind: RevocationKind | typeof SIGNED_INPUT | typeof EMAIL,
  value: string,
): Buffer {
  const text = JSON.stringify([scope.issuer, scope.tenant ?? null, kind, value]);
  return hash('sha256', `assay revocation 1 ${text}`, 'buffer').subarray(0, DIGEST_BYTES);
}

/** What was signed of a token, as one value. */
export function signedInputOf(compact: string): string {
  return hash('sha256', compact.slice(0, compact.lastIndexOf('.')), 'base64url');
}

/** The name of a decision for operators: it finds it again, and tells nothing about whom it concerns. */
export function idOf({ kind, digest, before }: Pick<Revocation, 'kind' | 'digest' | 'before'>): string {
  const id = `${kind}.${digest.toString('base64url')}`;
  return cutOffKinds.has(kind) ? `${id}.${before}` : id;
}

/** What {@link idOf} was made of; `undefined` for what is none. */
export function partsOfId(id: string): Pick<Revocation, 'kind' | 'digest' | 'before'> | undefined {
  const [, word, digest = '', before] = /^([a-z]{5,7})\.([\w-]{22})(?:\.(\d{1,10}))?$/.exec(id) ?? [];
  const kind = revocationKinds.find((each) => each === word);
  if (!kind || cutOffKinds.has(kind) !== (before !== undefined)) return undefined;
  return { kind, digest: Buffer.from(digest, 'base64url'), before: Number(before ?? 0) };
}
