import { createSecureContext } from 'node:tls';
import type { AdminToken } from '../admin/admin-tokens.js';
import { prepareAdmin } from '../admin/prepare-admin.js';
import type { PreparedCaller } from '../callers/registration/prepared-caller.js';
import { prepareCallers } from '../callers/registration/prepare-callers.js';
import type { ServerSection } from '../transport/server.config.js';
import type { PreparedSections } from '../config/sound-part.js';
import type { TlsSettings } from '../transport/tls-settings.js';
import type { CallerMethod, MetadataTerms } from '../introspection/server-metadata.js';
import type { Issuer } from '../issuers/issuer.js';
import { prepareIssuers } from '../issuers/prepare-issuers.js';
import { prepareRedis, type RedisSettings } from '../redis/prepare-redis.js';
import type { Reading } from '../shared/configuration/field.js';
import { urlOf } from '../shared/url-of.js';
import type { Steps } from '../shared/steps.js';

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

/**
 * Makes a loaded configuration ready, everything expensive about it included. Pauses behind each issuer and caller.
 * @param reading hears of every problem; with one, the result must not be used
 * @param nowMs wall time, milliseconds since the epoch
 */
export function* prepareConfiguration(
  {
    server,
    redis: redisSection,
    issuers: issuerSections,
    callers: callerSections,
    admin: adminSection,
    cache: { verifiedTokens: verifiedTokenBytes },
  }: PreparedSections,
  { report, warn }: Pick<Reading, 'report' | 'warn'>,
  nowMs: number,
): Steps<PreparedConfiguration> {
  const issuers = yield* prepareIssuers(issuerSections, 'issuers', report, { warn, nowMs });
  const callers = yield* prepareCallers(callerSections, 'callers', report, {
    identifier: server.identifier,
    warn,
  });
  const tls = prepareTls(server, report);
  const redis = redisSection && prepareRedis(redisSection, server.identifier, 'redis', report);
  const callerSecrets = new Set(callerSections.flatMap(({ secrets = [] }) => secrets.map(({ value }) => value)));
  const admin = adminSection && prepareAdmin(adminSection, 'admin', callerSecrets, report);
  const metadata = metadataOf(server, callers);
  const always = { issuers, callers, metadata, verifiedTokenBytes };
  return { ...always, ...(tls && { tls }), ...(redis && { redis }), ...(admin && { admin }) };
}

function prepareTls({ tls }: ServerSection, report: Reading['report']): TlsSettings | undefined {
  if (!tls) return undefined;
  const { certFile, keyFile, clientCaFile } = tls;
  try {
    createSecureContext({ cert: certFile.text, key: keyFile.text, ca: clientCaFile?.text ?? [] });
  } catch {
    const expected = 'PEM of a certificate chain, of its private key, and of authorities';
    report({ path: 'server.tls', found: 'files that do not make a TLS server', expected });
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
    methods: callers.flatMap((caller) => methodsOf(caller, server.tls?.clientCaFile !== undefined)),
    assertionAlgorithms: [...new Set(callers.flatMap(({ assertions }) => [...(assertions?.algorithms ?? [])]))],
  };
}

function methodsOf(
  { secrets, assertions, certificateIdentity, token }: PreparedCaller,
  hasClientAuthorities: boolean,
): readonly CallerMethod[] {
  return [
    ...(secrets ? (['client_secret_basic', 'client_secret_post'] as const) : []),
    ...(assertions ? (['private_key_jwt'] as const) : []),
    ...(certificateIdentity !== undefined && hasClientAuthorities ? (['tls_client_auth'] as const) : []),
    ...(token ? (['Bearer'] as const) : []),
  ];
}
