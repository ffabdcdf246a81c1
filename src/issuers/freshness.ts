import type { Freshness } from './issuer.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** How keys are looked after where the configuration says nothing; the reasons are those of `docs/caching.md`. */
export const defaultFreshness: Freshness = {
  // Five minutes is what verifiers of this field settled on; one request per issuer and region is nothing to an issuer.
  refreshMs: 5 * minute,
  // Longer than most outages of a key endpoint, short enough to live with a key that was stolen during one.
  hardTtlMs: 4 * hour,
  // A rotation is picked up by its first token; an attacker with made-up key ids gets one look per half minute.
  missCooldownMs: 30 * second,
  // Looks at 0, 2 and 4 s ride over an issuer whose edges learn of a new key one after the other.
  missBurst: 3,
  // The floor between any two fetches, whoever asks for them.
  minSpacingMs: 2 * second,
  // One stale edge or one truncated answer must not remove a live key.
  removal: 'confirm',
};

/** Smallest duration that may be configured: small enough to watch the behaviour, in seconds. */
export const SHORTEST_FRESHNESS_MS = second;

/** Longest `hardTtl` that may be configured: a key nobody has seen for a day has no evidence left. */
export const LONGEST_HARD_TTL_MS = 24 * hour;
