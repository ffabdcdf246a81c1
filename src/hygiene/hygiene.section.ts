import type { ConfigurationSection } from '../shared/configuration/configuration-section.js';
import { day, hour } from '../shared/configuration/quantities.js';
import { DurationField } from '../shared/configuration/scalar-fields.js';
import { sectionWithDefaults } from '../shared/configuration/section-form.js';

/** From when on something is a finding. No verdict depends on it. Times in milliseconds. */
export class HygieneSection {
  @DurationField('an issuer that has published no new key for so long is a finding', {
    default: 90 * day,
    min: hour,
    max: 3_650 * day,
  })
  readonly rotateWithin!: number;

  @DurationField(
    'an issuer, a key, a caller, or the right of a caller to the tokens of an issuer that was not used for so long is a finding',
    { default: 30 * day, min: hour, max: 3_650 * day },
  )
  readonly unusedAfter!: number;

  @DurationField('a secret of a caller that ends within so long is a finding', {
    default: 30 * day,
    min: hour,
    max: 3_650 * day,
  })
  readonly warnBefore!: number;

  @DurationField('an issuer whose tokens live longer, from `iat` to `exp`, is a finding', {
    default: 30 * day,
    min: hour,
    max: 3_650 * day,
  })
  readonly longestLifetime!: number;
}

/** `hygiene`: what is worth a finding. */
export const hygieneSection: ConfigurationSection<'hygiene', HygieneSection, HygieneSection> = {
  key: 'hygiene',
  form: sectionWithDefaults(
    'what auditors of machine identities ask: from when on something is a finding of `/admin/v1/hygiene`',
    () => HygieneSection,
  ),
  prepare: (section) => section,
  needsRestart: () => [],
};
