import { hour, minute, second } from '../shared/configuration/quantities.js';
import type { Place } from '../shared/configuration/place.js';
import { Rule } from '../shared/configuration/field.js';
import { DurationField, IntegerField, OneOfField } from '../shared/configuration/scalar-fields.js';
import type { Freshness } from './issuer.js';

/** How keys are kept fresh where the configuration says nothing; the reasons are those of `docs/caching.md`. */
export const defaultFreshness: Freshness = {
  // Five minutes is what verifiers of this field settled on; one request per issuer and region is nothing to an issuer.
  refreshMs: 5 * minute,
  // Longer than most outages of a key endpoint, short enough to live with a key that was stolen during one.
  hardTtlMs: 4 * hour,
  // A rotation is picked up by its first token; an attacker with made-up key ids gets one fetch per half minute.
  missCooldownMs: 30 * second,
  // Fetches at 0, 2 and 4 s ride over an issuer whose edges learn of a new key one after the other.
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

/** How long keys are trusted and how often they are fetched; the reasons are beside the defaults above. Durations in milliseconds. */
export class FreshnessSection {
  @DurationField('longest time between two fetches of the key set', {
    default: defaultFreshness.refreshMs,
    min: SHORTEST_FRESHNESS_MS,
    max: LONGEST_HARD_TTL_MS,
  })
  readonly refresh!: number;

  @DurationField('no key is accepted longer than this after the last proof that it was published', {
    default: defaultFreshness.hardTtlMs,
    min: SHORTEST_FRESHNESS_MS,
    max: LONGEST_HARD_TTL_MS,
  })
  readonly hardTtl!: number;

  @DurationField('least time between two fetches for an unknown key id, once the burst is spent', {
    default: defaultFreshness.missCooldownMs,
    min: SHORTEST_FRESHNESS_MS,
    max: hour,
  })
  readonly missCooldown!: number;

  @IntegerField('fetches for an unknown key id that need not wait', {
    default: defaultFreshness.missBurst,
    min: 1,
    max: 100,
  })
  readonly missBurst!: number;

  @DurationField('least time between any two fetches', {
    default: defaultFreshness.minSpacingMs,
    min: SHORTEST_FRESHNESS_MS,
    max: hour,
  })
  readonly minSpacing!: number;

  @OneOfField('a key that vanished is refused after a second fetch (`confirm`) or after the first (`immediate`)', {
    words: ['confirm', 'immediate'],
    default: defaultFreshness.removal,
  })
  readonly removal!: 'confirm' | 'immediate';

  @Rule('refresh', 'hardTtl')
  refuseEarlyExpiry(place: Place): void {
    if (this.hardTtl >= this.refresh) return;
    const expected = 'hardTtl not shorter than refresh: otherwise keys expire before they are fetched again';
    place.at('hardTtl').refuse('a hardTtl shorter than refresh', expected);
  }
}
