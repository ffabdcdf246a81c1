import type { ConfigurationSection } from '../shared/configuration/configuration-section.js';
import { day, hour } from '../shared/configuration/quantities.js';
import { DurationField, IntegerField } from '../shared/configuration/scalar-fields.js';
import { sectionWithDefaults } from '../shared/configuration/section-form.js';

/** From when on something is a finding. No verdict depends on it. Times in milliseconds, strength in bits of security. */
export class HygieneSection {
  @DurationField('an issuer that has published no new key for so long is a finding', {
    default: 90 * day,
    min: hour,
    max: 3_650 * day,
  })
  readonly rotateWithin!: number;

  @DurationField(
    'an issuer, a key, an allowed algorithm, a caller, an admin token, or the right of a caller to an issuer, an audience or a claim that was not used for so long is a finding',
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

  @IntegerField(
    'a published key of fewer bits of security (NIST SP 800-57 part 1, table 2: 112 for RSA 2048, 128 for RSA 3072 and P-256) is a finding; from 2031 on at least 128 are asked for, as NIST does',
    { default: 112, min: 112, max: 256 },
  )
  readonly keyStrength!: number;

  @IntegerField('an issuer that publishes more keys at once is a finding', { default: 10, min: 1, max: 500 })
  readonly mostKeys!: number;
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
