import type { ConfigurationSection } from '../shared/configuration/configuration-section.js';
import { sectionWithDefaults } from '../shared/configuration/section-form.js';
import { SizeField } from '../shared/configuration/scalar-fields.js';

const MIB = 1024 ** 2;

/** What is remembered between requests, in this process only. Sizes in bytes. */
export class CacheSection {
  @SizeField(
    'memory for tokens whose signature was found good, so that it is not checked again; everything else about them is; 0B = off',
    { default: 64 * MIB, min: 0, max: 4096 * MIB },
  )
  readonly verifiedTokens!: number;
}

/** `cache`: what is remembered between requests. */
export const cacheSection: ConfigurationSection<'cache', CacheSection, CacheSection> = {
  key: 'cache',
  form: sectionWithDefaults('what is remembered between requests', () => CacheSection),
  prepare: (section) => section,
  needsRestart: () => [],
};
