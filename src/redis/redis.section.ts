import { differ, type ConfigurationSection } from '../shared/configuration/configuration-section.js';
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
  needsRestart: (before, after) => (differ(before, after) ? ['redis'] : []),
};
