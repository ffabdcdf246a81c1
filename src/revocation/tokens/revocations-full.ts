/** The list of what was revoked is bounded, and says so instead of forgetting. */
import type { Issuer } from '../../issuers/issuer.js';
import { registrationOf } from '../../issuers/subject-scope.js';
import { Unavailable } from '../../shared/unavailable.js';
import type { KnownRevocations } from './known-revocations.js';
import { cutOffKinds, type RevocationKind } from './revocation.js';

/** Most decisions of all issuers: what a replica has room for in 64 MiB. */
export const MOST_REVOCATIONS = 1_000_000;

/** Most cut-offs of all issuers: each is an object, and there are few. */
export const MOST_CUT_OFFS = 20_000;

/** Room comes only when something ends. */
const RETRY_WHEN_FULL_SECONDS = 60;

/** There is no room for one more decision. Nothing was revoked, and nothing else was forgotten for it. */
export class RevocationsFull extends Unavailable {
  override readonly name = 'RevocationsFull';

  constructor(issuerId: string) {
    super('revocation_full: no room for one more revocation', issuerId, RETRY_WHEN_FULL_SECONDS);
  }
}

/**
 * Nothing is forgotten to make room: what was revoked would pass again.
 * @throws {RevocationsFull}
 */
export function refuseWhereFull(known: KnownRevocations, issuer: Issuer, kind: RevocationKind): void {
  const isFull =
    known.size >= MOST_REVOCATIONS ||
    (cutOffKinds.has(kind) && known.cutOffCount >= MOST_CUT_OFFS) ||
    known.counts.totalOf(registrationOf(issuer)) >= issuer.revocation.quota;
  if (isFull) throw new RevocationsFull(issuer.id);
}
