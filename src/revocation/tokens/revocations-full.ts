/** The list of what was revoked is bounded, and says so instead of forgetting. */
import type { Issuer } from '../../issuers/issuer.js';
import { registrationOf } from '../../issuers/subject-scope.js';
import { Unavailable } from '../../shared/unavailable.js';
import type { KnownRevocations } from './known-revocations.js';
import { cutOffKinds, type RevocationKind } from './revocation.js';
import type { Places } from './taken-places.js';

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

/** What is kept for operators of the places and of a quota: one part of so many. */
const FOR_OPERATORS = 10;

/** Who asks for a place. */
export interface RoomRequest {
  readonly issuer: Issuer;
  readonly kind: RevocationKind;
  /** Otherwise it is a signal of the issuer, or a caller, and may have gone mad. */
  readonly isOperator: boolean;
  /** Ids of all registrations there are. */
  readonly registrations: () => ReadonlySet<string>;
}

/**
 * Nothing is forgotten to make room: what was revoked would pass again. So nobody may take the places of another issuer, or of operators.
 * @throws {RevocationsFull}
 */
export function refuseWhereFull(known: KnownRevocations, claim: RoomRequest): void {
  const { issuer, isOperator } = claim;
  const { quota } = issuer.revocation;
  const mostOfIssuer = isOperator ? quota : quota - Math.floor(quota / FOR_OPERATORS);
  const isFull =
    known.counts.totalOf(registrationOf(issuer)) >= mostOfIssuer ||
    !hasPlace(known, claim, 'all', known.size, MOST_REVOCATIONS) ||
    (cutOffKinds.has(claim.kind) && !hasPlace(known, claim, 'cutOffs', known.cutOffCount, MOST_CUT_OFFS));
  if (isFull) throw new RevocationsFull(issuer.id);
}

/**
 * A tenth is for operators alone. Half of the rest is divided evenly among the registrations, whatever the others do; the other half is for
 * whoever needs more.
 */
function hasPlace(
  { places }: KnownRevocations,
  { issuer, isOperator, registrations }: RoomRequest,
  of: keyof Places,
  taken: number,
  most: number,
): boolean {
  if (isOperator || taken >= most) return taken < most;
  const half = (most - most / FOR_OPERATORS) / 2;
  if (taken < half) return true;
  const ids = registrations();
  const share = Math.floor(half / Math.max(1, ids.size));
  if (places.of(registrationOf(issuer))[of] < share) return true;
  let beyond = 0;
  for (const [id, those] of places.entries()) beyond += Math.max(0, those[of] - (ids.has(id) ? share : 0));
  return beyond < half;
}
