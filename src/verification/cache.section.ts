import type { ConfigurationSection } from '../shared/configuration/configuration-section.js';
import { sectionWithDefaults } from '../shared/configuration/section-form.js';
import { CacheSection } from './cache.config.js';

/** `cache`: what is remembered between requests. */
export const cacheSection: ConfigurationSection<'cache', CacheSection, CacheSection> = {
  key: 'cache',
  form: sectionWithDefaults('what is remembered between requests', () => CacheSection),
  prepare: (section) => section,
  needsRestart: () => [],
};
