import type { NamedSection } from '../shared/configuration/active-configuration.js';
import type { MetadataTerms } from './server-metadata.js';

/** What follows it is given what is prepared of it. */
export const metadataSection: NamedSection<MetadataTerms> = { key: 'metadata' };
