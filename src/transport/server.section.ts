import type { NamedSection } from '../shared/configuration/active-configuration.js';
import type { ServerSection } from './server.config.js';
import type { TlsSettings } from './tls-settings.js';

/** What follows it is given what is prepared of it. */
export const serverSection: NamedSection<ServerSection> = { key: 'server' };

/** What follows it is given what is prepared of it. */
export const tlsSection: NamedSection<TlsSettings | undefined> = { key: 'tls' };
