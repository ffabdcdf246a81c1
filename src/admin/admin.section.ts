import type { NamedSection } from '../shared/configuration/active-configuration.js';
import type { AdminToken } from './admin-tokens.js';

/** What follows it is given what is prepared of it. */
export const adminSection: NamedSection<readonly AdminToken[] | undefined> = { key: 'admin' };
