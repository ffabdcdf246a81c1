import type { ConfigurationSection } from '../shared/configuration/configuration-section.js';
import { DurationField } from '../shared/configuration/scalar-fields.js';
import { sectionWithDefaults } from '../shared/configuration/section-form.js';

/** How replicas remember each other. */
export class FleetSection {
  @DurationField(
    'a replica that is silent for so long is forgotten, and no longer named as one at which a denial may not hold; one that stops leaves at once',
    { default: 3_600_000, min: 60_000, max: 7 * 24 * 3_600_000 },
  )
  readonly forgetAfter!: number;
}

/** `fleet`: how replicas remember each other. */
export const fleetSection: ConfigurationSection<'fleet', FleetSection, FleetSection> = {
  key: 'fleet',
  form: sectionWithDefaults('how replicas remember each other', () => FleetSection),
  prepare: (section) => section,
  needsRestart: () => [],
};
