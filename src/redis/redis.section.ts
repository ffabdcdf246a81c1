import type { NamedSection } from '../shared/configuration/active-configuration.js';
import type { RedisSettings } from './prepare-redis.js';

/** What follows it is given what is prepared of it. */
export const redisSection: NamedSection<RedisSettings | undefined> = { key: 'redis' };
