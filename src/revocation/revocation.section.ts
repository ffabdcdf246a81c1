import type { ConfigurationSection } from '../shared/configuration/configuration-section.js';
import { sectionWithDefaults } from '../shared/configuration/section-form.js';
import { OneOfField } from '../shared/configuration/scalar-fields.js';

/** What a replica does that could not read yet what operators have denied. */
export const unknownDenialsPolicies = ['wait', 'refuse', 'accept'] as const;

/** One of {@link unknownDenialsPolicies}. */
export type UnknownDenialsPolicy = (typeof unknownDenialsPolicies)[number];

/** What operators, or events, have ended before its time. */
export class RevocationSection {
  @OneOfField(
    'a replica that starts while Redis is away cannot know which keys are denied, and what else is revoked: `wait` is not ready until it has read the list once, and answers whoever asks it all the same; `refuse` answers 503 as well; `accept` is ready at once',
    { words: unknownDenialsPolicies, default: 'wait' },
  )
  readonly onUnknown!: UnknownDenialsPolicy;
}

/** `revocation`: what was ended before its time. */
export const revocationSection: ConfigurationSection<'revocation', RevocationSection, RevocationSection> = {
  key: 'revocation',
  form: sectionWithDefaults('what was ended before its time', () => RevocationSection),
  prepare: (section) => section,
  needsRestart: () => [],
};
