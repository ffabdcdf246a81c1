import { isIPv6 } from 'node:net';
import { createSecureContext } from 'node:tls';
import { changedSettings, differ, type ConfigurationSection } from '../shared/configuration/configuration-section.js';
import type { Place } from '../shared/configuration/place.js';
import { prepareSigning, type OwnKeys } from '../signing/prepare-signing.js';
import { sectionWithDefaults } from '../shared/configuration/section-form.js';
import { ServerSection, type TlsSection } from './server.config.js';
import type { TlsSettings } from './tls-settings.js';

/** Settings of listeners that are open. */
type ListenerSettings = Pick<
  ServerSection,
  'http' | 'grpc' | 'management' | 'trustedProxies' | 'limits' | 'shutdownTimeout'
>;

/** The listeners of this service and its own name. Immutable. */
export interface PreparedServer extends ListenerSettings {
  /** How this service is called as an issuer (RFC 8414 §2): as configured, or else the URL of its listener. */
  readonly issuer: string;
  /** Absent: plain HTTP and gRPC. */
  readonly tls: TlsSettings | undefined;
  /** Absent: answers are not signed. */
  readonly signing: OwnKeys | undefined;
}

/** A listener that is open stays as it is, with what it refuses. */
const fixed = ['http', 'grpc', 'management', 'trustedProxies', 'limits', 'shutdownTimeout'] as const;

/** `server`: this service itself. */
export const serverSection: ConfigurationSection<'server', ServerSection, PreparedServer> = {
  key: 'server',
  form: sectionWithDefaults(
    'this service: its own name, and where it listens',
    () => ServerSection,
    // Where its name cannot be read it has one all the same: callers with assertions must not be refused for want of it.
    { identifier: 'https://assay.invalid' },
  ),
  prepare: async (
    { http, grpc, management, trustedProxies, limits, shutdownTimeout, identifier, tls, signing },
    { place },
  ) => ({
    http,
    ...(grpc && { grpc }),
    management,
    trustedProxies,
    limits,
    shutdownTimeout,
    issuer: identifier ?? urlOf(tls ? 'https' : 'http', http.host, http.port),
    tls: tls && prepareTls(tls, place.at('tls')),
    signing: signing && (await prepareSigning(signing, place.at('signing'))),
  }),
  needsRestart: (before, after) => [
    ...changedSettings('server', before, after, fixed),
    ...(differ(before.tls === undefined, after.tls === undefined) ? ['server.tls'] : []),
  ],
};

function prepareTls({ certFile, keyFile, clientCaFile }: TlsSection, place: Place): TlsSettings {
  try {
    createSecureContext({ cert: certFile.text, key: keyFile.text, ca: clientCaFile?.text ?? [] });
  } catch {
    const expected = 'PEM of a certificate chain, of its private key, and of authorities';
    place.refuse('files that do not make a TLS server', expected);
  }
  return {
    certificate: certFile.text,
    key: keyFile.text,
    ...(clientCaFile && { clientAuthorities: clientCaFile.text }),
  };
}

/** Base URL of a listener, without a slash at its end. */
export function urlOf(scheme: 'http' | 'https', host: string, port: number): string {
  return `${scheme}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
