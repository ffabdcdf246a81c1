/** Remembers which DPoP proofs were used, so that none is good twice. */
import { hash } from 'node:crypto';
import type { Clock } from '../shared/clock.js';
import { RecentUses } from '../shared/recent-uses.js';
import type { Metrics } from '../telemetry/metrics/metrics.js';
import { OAuthError } from '../transport/oauth-error.js';
import type { DpopTerms } from './proof-terms.js';

/** What tells one proof from all others: its key, and the name that its maker gave it. */
export interface UsedProof {
  /** Thumbprint of the key. */
  readonly jkt: string;
  readonly jti: string;
  /** When it is no longer accepted, whoever's clock is asked; milliseconds since the epoch. */
  readonly untilMs: number;
}

/** Where replicas remember uses together. */
export interface SharedProofUses {
  /**
   * Remembers a use in one step: of two replicas with the same proof at the same moment, one is the first.
   * @param lifeMs how long, in milliseconds
   * @returns whether it is the first use; `undefined` where that cannot be known now
   */
  add(name: string, lifeMs: number): Promise<boolean | undefined>;
}

/** What came of a use, for a metric's label. */
export const useOutcomes = ['first', 'repeated', 'unshared', 'full'] as const;

/** One of {@link useOutcomes}. */
export type UseOutcome = (typeof useOutcomes)[number];

/** What the memory of uses works with. */
export interface ProofReplayParts {
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'count'>;
  /** Absent: the uses are those of this process. */
  readonly shared?: SharedProofUses | undefined;
  readonly limits?: { readonly total: number; readonly perUser: number };
}

/**
 * Uses that one process remembers: 3,000 a second for a minute and a half, about 30 MB; and no client can take more than half of the
 * room, whatever it sends.
 */
const usualLimits = { total: 300_000, perUser: 150_000 };

const SLOT_MS = 15_000;

/** Octets of the name of a use: 128 bits, so that no two meet by chance. */
const NAME_OCTETS = 16;

/**
 * Remembers which DPoP proofs were used (RFC 9449 §11.1). A use is named by the key and the `jti` together, so that nobody who has
 * seen a `jti` can use it up for its owner. This process looks into its own memory first: that is bounded, and so bounds what is
 * written to where replicas share it.
 */
export class ProofReplay {
  private readonly own: RecentUses;

  constructor(private readonly parts: ProofReplayParts) {
    this.own = new RecentUses({ ...usualLimits, ...parts.limits, slotMs: SLOT_MS });
  }

  /** Uses that this process remembers. */
  get size(): number {
    return this.own.sizeAt(this.parts.clock.wallMs());
  }

  /**
   * Whether this is the first use of a proof, as far as the profile wants that to be known.
   * @param caller whose profile it is
   * @throws {OAuthError} 503 where that cannot be known
   */
  async use(proof: UsedProof, { replay, onUnknown }: DpopTerms, caller: string): Promise<boolean> {
    if (replay === 'off') return true;
    const name = nameOf(proof);
    const nowMs = this.parts.clock.wallMs();
    const use = this.own.add(name, proof.jkt, { untilMs: proof.untilMs, nowMs });
    if (use !== 'first' || replay === 'local') return this.concluded(use, caller);
    const isFirst = await this.parts.shared?.add(name, Math.max(1, Math.ceil(proof.untilMs - nowMs)));
    if (isFirst !== undefined) return this.concluded(isFirst ? 'first' : 'repeated', caller);
    return this.concluded('unshared', caller, onUnknown === 'accept');
  }

  private concluded(outcome: UseOutcome, caller: string, isGoodEnough = false): boolean {
    this.parts.metrics.count('assay_proof_uses_total', { caller, outcome });
    if (outcome === 'full') throw unknown('more are used than are remembered', caller);
    if (outcome === 'unshared' && !isGoodEnough) throw unknown('replicas cannot share which were used', caller);
    return outcome !== 'repeated';
  }
}

/** A thumbprint always has the same length, so the two cannot run into each other. */
function nameOf({ jkt, jti }: UsedProof): string {
  return hash('sha256', `${jkt}${jti}`, 'buffer').toString('base64url', 0, NAME_OCTETS);
}

function unknown(what: string, caller: string): OAuthError {
  return new OAuthError('temporarily_unavailable', 'not known whether the proof is new', {
    detail: `not known whether a proof is new: ${what}`,
    caller,
    retryAfterSeconds: 1,
  });
}
