import { FairQueue } from '../shared/fair-queue.js';
import type { Clock } from '../shared/clock.js';
import type { Rejection } from '../tokens/rejection.js';
import { OAuthError } from '../transport/oauth-error.js';
import type { DpopNonces } from './dpop-nonces.js';
import { Possession, type PresentedProofs, type ProofProfile } from './possession.js';
import type { ProofReplay } from './proof-replay.js';

/**
 * Signatures of proofs under way, beside those of the tokens. Each is made by a client with a good token, with a key that the client
 * chose: so callers take turns.
 */
const limits = { total: 16, perLine: 8, waiting: 1_000 };

/** What proofs are checked with. */
export interface ProofCheckerParts {
  readonly clock: Clock;
  readonly nonces: DpopNonces;
  readonly replay: ProofReplay;
}

/** Checks the proofs that come with tokens that are bound to a key of their client (RFC 7800, RFC 8705 §3, RFC 9449 §7). */
export class ProofChecker {
  private readonly turns = new FairQueue(limits);

  constructor(private readonly parts: ProofCheckerParts) {}

  /** What a request proves besides its token. */
  of(profile: ProofProfile, presented: PresentedProofs): Possession {
    const tools = {
      ...this.parts,
      inTurn: (job: () => Promise<Rejection | undefined>) => this.turns.run(profile.id, job, () => crowded(profile.id)),
    };
    return new Possession(profile, presented, tools);
  }

  /** The nonce that clients of a profile shall put into their next proof; `undefined` where they need none. */
  nonceFor({ id, terms }: ProofProfile): string | undefined {
    return terms?.dpop?.nonce === 'required' ? this.parts.nonces.current(id) : undefined;
  }
}

function crowded(caller: string): OAuthError {
  return new OAuthError('temporarily_unavailable', 'too many proofs are being checked', {
    caller,
    retryAfterSeconds: 1,
  });
}
