import { differ, type ConfigurationSection } from '../shared/configuration/configuration-section.js';
import { FileText } from '../shared/configuration/field.js';
import { optionalSection } from '../shared/configuration/section-form.js';
import { serverSection } from '../transport/server.section.js';
import { prepareRedis, type RedisSettings } from './prepare-redis.js';
import { RedisSection } from './redis.config.js';

/** `redis`: the store that replicas share. */
export const redisSection: ConfigurationSection<'redis', RedisSection | undefined, RedisSettings | undefined> = {
  key: 'redis',
  form: optionalSection('the store that replicas share; absent: one process, in memory', () => RedisSection),
  prepare: (section, { place, sectionOf }) =>
    section && prepareRedis(section, sectionOf(serverSection).identifier, place),
  // A connection that is open stays as it is.
  needsRestart: (before, after) => (differ(namesOf(before), namesOf(after)) ? ['redis'] : []),
};

/** The section with the names of its files in place of what is in them: passwords and certificates take effect without a start. */
function namesOf(section: RedisSection | undefined): unknown {
  if (!section) return undefined;
  const named = Object.entries(section).map(([name, value]: [string, unknown]) => [
    name,
    value instanceof FileText ? value.path : value,
  ]);
  return Object.fromEntries(named);
}
