import type { NamedSection } from '../shared/configuration/active-configuration.js';

/** What follows it is given what is prepared of it. */
export const cacheSection: NamedSection<number> = { key: 'verifiedTokenBytes' };
