import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from './configuration.config.js';

/** What differs between two configurations: names and nothing else, so that it can be logged (RADM-06). */
export interface ConfigurationChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  /** Settings that changed and take effect only with the next start. */
  readonly needRestart: readonly string[];
}

/** A listener that is open stays as it is, with what it refuses; so does a connection to Redis or to a collector. */
const fixedInServer = ['http', 'grpc', 'management', 'trustedProxies', 'limits', 'shutdownTimeout'] as const;

/** What `after` changes. */
export function changesBetween(before: Configuration, after: Configuration): ConfigurationChanges {
  const [old, young] = [partsOf(before), partsOf(after)];
  return {
    added: [...young.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !young.has(name)),
    changed: [...young.keys()].filter((name) => old.has(name) && !isDeepStrictEqual(old.get(name), young.get(name))),
    needRestart: [
      ...fixedInServer
        .filter((name) => differ(before.server[name], after.server[name]))
        .map((name) => `server.${name}`),
      ...(differ(before.server.tls === undefined, after.server.tls === undefined) ? ['server.tls'] : []),
      ...(differ(before.redis, after.redis) ? ['redis'] : []),
      ...(differ(before.telemetry.tracing?.endpoint, after.telemetry.tracing?.endpoint) ? ['telemetry.tracing'] : []),
      ...(differ(before.telemetry.metrics, after.telemetry.metrics) ? ['telemetry.metrics'] : []),
    ],
  };
}

function differ(one: unknown, other: unknown): boolean {
  return !isDeepStrictEqual(one, other);
}

/** The parts that have names: what an operator would say was changed. */
function partsOf({
  server,
  redis,
  issuers,
  callers,
  admin,
  cache,
  telemetry,
}: Configuration): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['server', server],
    ['redis', redis],
    ['admin', admin],
    ['cache', cache],
    ['telemetry', telemetry],
    ...issuers.map((issuer) => [`issuer ${issuer.id}`, issuer] as const),
    ...callers.map((caller) => [`caller ${caller.id}`, caller] as const),
  ]);
}
