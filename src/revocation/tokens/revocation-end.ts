import type { Issuer } from '../../issuers/issuer.js';
import { cutOffKinds, type RevocationKind } from './revocation.js';

/** How long a decision is kept beyond what clocks agree about: one that is ahead must not end it for all. */
const CLOCKS_AHEAD_SECONDS = 24 * 3_600;

/** What a decision is about, as far as its end is concerned. Seconds since the epoch. */
export interface EndTerms {
  readonly kind: RevocationKind;
  readonly nowSeconds: number;
  /** Of a cut-off. */
  readonly before: number;
  /** `exp` of the one token that it is about. */
  readonly expirySeconds?: number | undefined;
}

/**
 * When no acceptable token can be left that a decision is about: so the list is bounded by how long tokens live, whatever happens.
 * Tokens that do not say when they were issued are measured from now, since any of them may have been issued now.
 */
export function endOf({ revocation }: Pick<Issuer, 'revocation'>, ending: EndTerms): number {
  const { kind, nowSeconds, before, expirySeconds } = ending;
  const { maxLifetimeSeconds, clockToleranceSeconds } = revocation;
  const oldest = cutOffKinds.has(kind) ? before : nowSeconds;
  const latest = oldest + maxLifetimeSeconds;
  const last = Math.min(latest, expirySeconds ?? Number.POSITIVE_INFINITY);
  return Math.ceil(last + clockToleranceSeconds + CLOCKS_AHEAD_SECONDS);
}
