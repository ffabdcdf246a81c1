import type { NamedSection } from '../shared/configuration/active-configuration.js';
import type { Issuer } from './issuer.js';

/** What follows it is given what is prepared of it. */
export const issuersSection: NamedSection<readonly Issuer[]> = { key: 'issuers' };
