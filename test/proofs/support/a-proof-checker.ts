import { DpopNonces } from '../../../src/proofs/dpop-nonces.js';
import { ProofChecker } from '../../../src/proofs/proof-checker.js';
import { ProofReplay, type ProofReplayParts } from '../../../src/proofs/proof-replay.js';
import { RecordMac } from '../../../src/redis/record-mac.js';
import type { Clock } from '../../../src/shared/clock.js';

/** What a test may set up otherwise: where replicas share uses, who counts them, and how many are remembered. */
export type ProofParts = Partial<Pick<ProofReplayParts, 'shared' | 'metrics' | 'limits'>>;

/** The key that all replicas of a test have. */
export const nonceMac = new RecordMac('https://assay.example', [{ id: 'k1', secret: 'record-key-of-the-tests-4J2m' }]);

const nobodyCounts = { count: () => undefined };

/** Checks proofs as one replica does. */
export function aProofChecker(clock: Clock, { shared, metrics = nobodyCounts, limits }: ProofParts = {}): ProofChecker {
  const replay = new ProofReplay({ clock, metrics, shared, ...(limits && { limits }) });
  return new ProofChecker({ clock, replay, nonces: new DpopNonces(nonceMac, clock) });
}
