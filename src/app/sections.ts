import { adminSection } from '../admin/admin.section.js';
import { fleetSection } from '../admin/fleet.section.js';
import { callersSection } from '../callers/registration/callers.section.js';
import { answersSection } from '../gateway/answers.section.js';
import { includeSection } from '../config/include.section.js';
import { ownersSection } from '../config/owners.section.js';
import { rootSection, type ConfigurationOf, type PreparedOf } from '../shared/configuration/configuration-section.js';
import { hygieneSection } from '../hygiene/hygiene.section.js';
import { issuersSection } from '../issuers/issuers.section.js';
import { revocationSection } from '../revocation/revocation.section.js';
import { redisSection } from '../redis/redis.section.js';
import { signalsSection } from '../signals/signals.section.js';
import { telemetrySection } from '../telemetry/telemetry.section.js';
import { serverSection } from '../transport/server.section.js';
import { cacheSection } from '../verification/cache.section.js';

/**
 * The sections of the configuration file, in the order of its documentation. All that depends on which there are is derived
 * from this list: a new one is a file in its feature, and a line here.
 */
export const sections = [
  serverSection,
  redisSection,
  issuersSection,
  callersSection,
  signalsSection,
  includeSection,
  ownersSection,
  adminSection,
  fleetSection,
  cacheSection,
  answersSection,
  revocationSection,
  hygieneSection,
  telemetrySection,
] as const;

/** The whole file, as it was read. Immutable. */
export type Configuration = ConfigurationOf<typeof sections>;

/** The whole file, ready to come into force. Immutable. */
export type PreparedConfiguration = PreparedOf<typeof sections>;

/** The whole file as a class: what the schema and the documentation are made from. */
export const ConfigurationFile = rootSection(sections);
