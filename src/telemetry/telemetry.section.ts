import type { ConfigurationSection } from '../shared/configuration/configuration-section.js';
import { differ } from '../shared/configuration/differ.js';
import { sectionWithDefaults } from '../shared/configuration/section-form.js';
import { TelemetrySection } from './telemetry.config.js';

/** `telemetry`: what the service says about itself. */
export const telemetrySection: ConfigurationSection<'telemetry', TelemetrySection, TelemetrySection> = {
  key: 'telemetry',
  form: sectionWithDefaults('what the service says about itself', () => TelemetrySection),
  prepare: (section) => section,
  // A connection to a collector stays as it is.
  needsRestart: (before, after) => [
    ...(differ(before.tracing?.endpoint, after.tracing?.endpoint) ? ['telemetry.tracing'] : []),
    ...(differ(before.metrics, after.metrics) ? ['telemetry.metrics'] : []),
  ],
};
