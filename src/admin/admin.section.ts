import { callersSection } from '../callers/registration/callers.section.js';
import type { ConfigurationSection } from '../shared/configuration/configuration-section.js';
import { optionalSection } from '../shared/configuration/section-form.js';
import { AdminSection } from './admin.config.js';
import type { AdminToken } from './admin-tokens.js';
import { prepareAdmin } from './prepare-admin.js';

/** `admin`: who may use the admin API. */
export const adminSection: ConfigurationSection<'admin', AdminSection | undefined, readonly AdminToken[] | undefined> =
  {
    key: 'admin',
    form: optionalSection(
      'who may use the admin API; absent: it answers on loopback only, and changes nothing',
      () => AdminSection,
    ),
    prepare: (section, { place, sectionOf }) => {
      if (!section) return undefined;
      const callerSecrets = sectionOf(callersSection).flatMap(({ secrets = [] }) => secrets.map(({ value }) => value));
      return prepareAdmin(section, place, new Set(callerSecrets));
    },
    needsRestart: () => [],
  };
