import type { ConfigurationSection } from '../shared/configuration/configuration-section.js';
import { sectionWithDefaults } from '../shared/configuration/section-form.js';
import { DurationField, OneOfField } from '../shared/configuration/scalar-fields.js';

/** What a replica does that could not read what operators have denied, and what was revoked. */
export const unknownDenialsPolicies = ['wait', 'refuse', 'accept'] as const;

/** One of {@link unknownDenialsPolicies}. */
export type UnknownDenialsPolicy = (typeof unknownDenialsPolicies)[number];

/** What operators, or events, have ended before its time. Times in milliseconds. */
export class RevocationSection {
  @DurationField(
    'how often what was denied and revoked elsewhere is read; the bound of 7 s is for the longest time that is allowed here',
    { default: 2_000, min: 100, max: 2_000 },
  )
  readonly poll!: number;

  @OneOfField(
    'a replica that starts while Redis is away cannot know which keys are denied, and what else is revoked: `wait` is not ready until it has read the list once, and answers whoever asks it all the same; `refuse` answers 503 as well, and is not ready; `accept` is ready after `coldStart`. Beyond `maxStaleness` `refuse` answers 503 and is not ready, the others go on and count it',
    { words: unknownDenialsPolicies, default: 'wait' },
  )
  readonly onUnknown!: UnknownDenialsPolicy;

  @DurationField(
    'with `onUnknown: accept`: how long a replica that starts waits for its first reading; one that makes progress is not cut',
    { default: 5_000, min: 0, max: 600_000 },
  )
  readonly coldStart!: number;

  @DurationField(
    'when the list was not read for so long, what was decided meanwhile is taken to be unknown; what is known holds all the same',
    { default: 3_600_000, min: 3_000, max: 7 * 24 * 3_600_000 },
  )
  readonly maxStaleness!: number;
}

/** `revocation`: what was ended before its time. */
export const revocationSection: ConfigurationSection<'revocation', RevocationSection, RevocationSection> = {
  key: 'revocation',
  form: sectionWithDefaults('what was ended before its time', () => RevocationSection),
  prepare: (section) => section,
  needsRestart: () => [],
};
