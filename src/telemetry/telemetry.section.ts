import type { NamedSection } from '../shared/configuration/active-configuration.js';
import type { TelemetrySection } from './telemetry.config.js';

/** What follows it is given what is prepared of it. */
export const telemetrySection: NamedSection<TelemetrySection> = { key: 'telemetry' };
