import { hour } from '../shared/configuration/duration.js';
import type { Place } from '../shared/configuration/place.js';
import { Rule } from '../shared/configuration/rule.js';
import { DurationField, IntegerField, OneOfField } from '../shared/configuration/scalar-fields.js';
import { defaultFreshness, LONGEST_HARD_TTL_MS, SHORTEST_FRESHNESS_MS } from './freshness.js';

/** How long keys are trusted and how often they are looked for; reasons in `freshness.ts`. Durations in milliseconds. */
export class FreshnessSection {
  @DurationField('longest time between two looks at the key set', {
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

  @DurationField('least time between two looks for an unknown key id, once the burst is spent', {
    default: defaultFreshness.missCooldownMs,
    min: SHORTEST_FRESHNESS_MS,
    max: hour,
  })
  readonly missCooldown!: number;

  @IntegerField('looks for an unknown key id that need not wait', {
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

  @OneOfField('a key that vanished is refused after a second look (`confirm`) or after the first (`immediate`)', {
    words: ['confirm', 'immediate'],
    default: defaultFreshness.removal,
  })
  readonly removal!: 'confirm' | 'immediate';

  @Rule('refresh', 'hardTtl')
  refuseEarlyExpiry(place: Place): void {
    if (this.hardTtl >= this.refresh) return;
    const expected = 'hardTtl not shorter than refresh: otherwise keys expire before they are looked for again';
    place.at('hardTtl').refuse('a hardTtl shorter than refresh', expected);
  }
}
