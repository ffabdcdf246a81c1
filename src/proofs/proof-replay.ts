/** Remembers which DPoP proofs were used, so that none is good twice. */
import { hash } from 'node:crypto';
import type { Clock } from '../shared/clock.js';
import { RecentUses } from '../shared/recent-uses.js';
import type { Metrics } from '../telemetry/metrics/metrics.js';
import { OAuthError } from '../transport/oauth-error.js';
import type { DpopTerms } from './proof-terms.js';
import { RequestsOfUses } from './requests-of-uses.js';

/** What tells one proof from all others: its key, and the name that its maker gave it. */
export interface UsedProof {
  /** Thumbprint of the key. */
  readonly jkt: string;
  readonly jti: string;
  /** When it is no longer accepted, whoever's clock is asked; milliseconds since the epoch. */
  readonly untilMs: number;
  /** The name that the proxy gave to the request with the proof; absent: a second question about it is a second use. */
  readonly requestId?: string | undefined;
}

/** A use that replicas share. */
export interface SharedProofUse {
  /** How long it is remembered, in milliseconds. */
  readonly lifeMs: number;
  /** What tells the request with the proof from all others, of base64url characters; absent: nothing does. */
  readonly request?: string | undefined;
}

/** What replicas find out together; `again`: the same request as the first one, moments later. */
export type SharedUseOutcome = 'first' | 'again' | 'repeated';

/** Where replicas remember uses together. */
export interface SharedProofUses {
  /**
   * Remembers a use in one step: of two replicas with the same proof at the same moment, one is the first.
   * @returns `undefined` where it cannot be known now
   */
  add(name: string, use: SharedProofUse): Promise<SharedUseOutcome | undefined>;
}

/** What came of a use, for a metric's label. */
export const useOutcomes = ['first', 'again', 'repeated', 'unshared', 'full'] as const;

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

/** Octets of the name of a use, and of a request: 128 bits, so that no two meet by chance. */
const NAME_OCTETS = 16;

/**
 * Remembers which DPoP proofs were used (RFC 9449 §11.1). A use is named by the key and the `jti` together, so that nobody who has
 * seen a `jti` can use it up for its owner. This process looks into its own memory first: that is bounded, and so bounds what is
 * written to where replicas share it.
 */
export class ProofReplay {
  private readonly own: RecentUses;
  private readonly requests = new RequestsOfUses();

  constructor(private readonly parts: ProofReplayParts) {
    this.own = new RecentUses({ ...usualLimits, ...parts.limits, slotMs: SLOT_MS });
  }

  /** Uses that this process remembers. */
  get size(): number {
    return this.own.sizeAt(this.parts.clock.wallMs());
  }

  /**
   * Whether this is the first use of a proof, or one more question about the request that used it, as far as the profile wants that to
   * be known.
   * @param caller whose profile it is
   * @throws {OAuthError} 503 where that cannot be known
   */
  async use(proof: UsedProof, { replay, onUnknown }: DpopTerms, caller: string): Promise<boolean> {
    if (replay === 'off') return true;
    const name = nameOf(proof);
    const request = proof.requestId === undefined ? undefined : requestOf(proof.requestId, caller);
    const here = this.useHere(name, proof, request);
    const isRefused = here === 'full' || (here === 'repeated' && request === undefined);
    if (isRefused || replay === 'local') return this.concluded(here, caller);
    const lifeMs = Math.max(1, Math.ceil(proof.untilMs - this.parts.clock.wallMs()));
    const outcome = together(here, await this.parts.shared?.add(name, { lifeMs, request }));
    // Its first use was elsewhere, by another request: should Redis go away now, this one is no better known here.
    if (outcome === 'repeated' && here !== 'repeated') this.requests.forget(name);
    return this.concluded(outcome, caller, onUnknown === 'accept');
  }

  private useHere(name: string, { jkt, untilMs }: UsedProof, request: string | undefined): SharedUseOutcome | 'full' {
    const { clock } = this.parts;
    const nowMs = clock.monoMs();
    const use = this.own.add(name, jkt, { untilMs, nowMs: clock.wallMs() });
    if (request === undefined) return use;
    if (use === 'first') this.requests.remember(name, request, nowMs);
    return use === 'repeated' && this.requests.isSame(name, request, nowMs) ? 'again' : use;
  }

  private concluded(outcome: UseOutcome, caller: string, isGoodEnough = false): boolean {
    this.parts.metrics.count('assay_proof_uses_total', { caller, outcome });
    if (outcome === 'full') throw unknown('more are used than are remembered', caller);
    if (outcome === 'unshared' && !isGoodEnough) throw unknown('replicas cannot share which were used', caller);
    return outcome !== 'repeated';
  }
}

/**
 * What replicas know together decides. Where they do not know of a use that this process remembers, they have forgotten it, or it is
 * on its way to them: then it was used.
 */
function together(here: SharedUseOutcome, everywhere: SharedUseOutcome | undefined): UseOutcome {
  if (everywhere === 'repeated' || everywhere === 'again') return everywhere;
  if (here === 'repeated') return 'repeated';
  return everywhere === undefined ? 'unshared' : here;
}

/** A thumbprint always has the same length, so the two cannot run into each other. */
function nameOf({ jkt, jti }: UsedProof): string {
  return digestOf(`${jkt}${jti}`);
}

/** Of one profile: the proxy of another one gives names of its own. A request's name has no space in it. */
function requestOf(requestId: string, caller: string): string {
  return digestOf(`${requestId} ${caller}`);
}

function digestOf(text: string): string {
  return hash('sha256', text, 'buffer').toString('base64url', 0, NAME_OCTETS);
}

function unknown(what: string, caller: string): OAuthError {
  return new OAuthError('temporarily_unavailable', 'not known whether the proof is new', {
    detail: `not known whether a proof is new: ${what}`,
    caller,
    retryAfterSeconds: 1,
  });
}
