import { createSecureContext } from 'node:tls';
import type { AdminToken } from '../admin/admin-tokens.js';
import { prepareAdmin } from '../admin/prepare-admin.js';
import type { PreparedCaller } from '../callers/registration/prepared-caller.js';
import { advertisedMethods } from '../callers/registration/advertised-methods.js';
import { prepareCallers } from '../callers/registration/prepare-callers.js';
import type { ServerSection } from '../transport/server.config.js';
import type { PreparedSections } from '../config/sound-part.js';
import type { TlsSettings } from '../transport/tls-settings.js';
import type { MetadataTerms } from '../introspection/server-metadata.js';
import type { Issuer } from '../issuers/issuer.js';
import { prepareIssuers } from '../issuers/prepare-issuers.js';
import { prepareRedis, type RedisSettings } from '../redis/prepare-redis.js';
import type { Place } from '../shared/configuration/place.js';
import { urlOf } from '../shared/url-of.js';
import type { Pause } from '../shared/pause.js';

/** All that a configuration changes in a running service, ready to be swapped in. Immutable. */
export interface PreparedConfiguration {
  readonly issuers: readonly Issuer[];
  readonly callers: readonly PreparedCaller[];
  readonly metadata: MetadataTerms;
  /** What verified tokens may occupy in memory, in bytes; 0 = they are not remembered. */
  readonly verifiedTokenBytes: number;
  readonly tls?: TlsSettings;
  /** Absent: the admin API answers only on loopback, and only reads. */
  readonly admin?: readonly AdminToken[];
  /** Takes effect at the start, and only then. */
  readonly redis?: RedisSettings;
}

/** What making a configuration ready needs from outside. */
export interface PreparationContext {
  /** Place of the whole file; where something was refused below it, the result must not be used. */
  readonly place: Place;
  /** Wall time, milliseconds since the epoch. */
  readonly nowMs: number;
  readonly pause: Pause;
}

/** Makes a loaded configuration ready, everything expensive about it included. Pauses before each issuer and caller. */
export async function prepareConfiguration(
  {
    server,
    redis: redisSection,
    issuers: issuerSections,
    callers: callerSections,
    admin: adminSection,
    cache: { verifiedTokens: verifiedTokenBytes },
  }: PreparedSections,
  { place, nowMs, pause }: PreparationContext,
): Promise<PreparedConfiguration> {
  const issuers = await prepareIssuers(issuerSections, { place: place.at('issuers'), nowMs, pause });
  const { identifier } = server;
  const callers = await prepareCallers(callerSections, { place: place.at('callers'), pause, identifier });
  const tls = prepareTls(server, place.at('server').at('tls'));
  const redis = redisSection && prepareRedis(redisSection, identifier, place.at('redis'));
  const callerSecrets = new Set(callerSections.flatMap(({ secrets = [] }) => secrets.map(({ value }) => value)));
  const admin = adminSection && prepareAdmin(adminSection, place.at('admin'), callerSecrets);
  const metadata = metadataOf(server, callers);
  const always = { issuers, callers, metadata, verifiedTokenBytes };
  return { ...always, ...(tls && { tls }), ...(redis && { redis }), ...(admin && { admin }) };
}

function prepareTls({ tls }: ServerSection, place: Place): TlsSettings | undefined {
  if (!tls) return undefined;
  const { certFile, keyFile, clientCaFile } = tls;
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

/** RFC 8414: what is published is what at least one caller can use. */
function metadataOf(server: ServerSection, callers: readonly PreparedCaller[]): MetadataTerms {
  const { host, port } = server.http;
  return {
    identifier: server.identifier ?? urlOf(server.tls ? 'https' : 'http', host, port),
    ...advertisedMethods(callers, { hasClientAuthorities: server.tls?.clientCaFile !== undefined }),
  };
}
