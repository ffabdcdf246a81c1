import type { ConfigurationSection } from '../shared/configuration/configuration-section.js';
import { DurationField } from '../shared/configuration/scalar-fields.js';
import { sectionWithDefaults } from '../shared/configuration/section-form.js';

/** How others may use what they are answered. Times in milliseconds. */
export class AnswersSection {
  @DurationField(
    'how long a proxy, or who is behind it, may remember that a request passed: `x-auth-expires` says until when, and never later than `exp`. What is revoked meanwhile passes for so long',
    { default: 60_000, min: 0, max: 24 * 3_600_000 },
  )
  readonly maxAge!: number;
}

/** `answers`: how others may use what they are answered. */
export const answersSection: ConfigurationSection<'answers', AnswersSection, AnswersSection> = {
  key: 'answers',
  form: sectionWithDefaults('how others may use what they are answered', () => AnswersSection),
  prepare: (section) => section,
  needsRestart: () => [],
};
