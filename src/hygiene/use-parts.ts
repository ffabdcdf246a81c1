/** Names what is watched of one issuer or one caller, so that all of it stands in one record. */
import { createHash } from 'node:crypto';
import type { Watched } from './use-record.js';

/**
 * What may be watched of an issuer beside its keys, and of a caller beside the issuers that it was granted: those have their thumbprints
 * and ids as names, without a space.
 */
export type PartKind = 'algorithm' | 'audience' | 'claim' | 'foreign';

/** Longest name that a record has as it is, in UTF-16 code units: that of a thumbprint. */
const LONGEST_NAME = 43;

/** The name of a part in a record. A long one becomes its digest: the configuration says what it was. */
export function partName(kind: PartKind, name: string): string {
  const isShort = name.length <= LONGEST_NAME && /^[!-~]+$/.test(name);
  return `${kind} ${isShort ? name : createHash('sha256').update(name).digest('base64url')}`;
}

/** A caller has asked about tokens that are good, and for audiences that it was not granted. */
export const foreignAudience = partName('foreign', 'audience');

/** Keys of an issuer, and issuers that a caller was granted. */
export function plainParts(parts: ReadonlyMap<string, Watched>): readonly (readonly [string, Watched])[] {
  return [...parts].filter(([name]) => !name.includes(' '));
}
