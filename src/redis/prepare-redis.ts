import { createSecureContext } from 'node:tls';
import type { ProblemReporter } from '../shared/configuration/problem.js';
import { strongSecret, weaknessOf } from '../shared/secret-strength.js';
import type { RedisLocation } from './redis-client.js';
import type { RecordKeySection, RedisSection } from './redis.config.js';

/** Where the shared store is and how what is in it is told from forgeries. Immutable. */
export interface RedisSettings {
  /** Where everything is decided. */
  readonly primary: RedisLocation;
  /** A read replica that is nearer. */
  readonly reader?: RedisLocation;
  readonly region?: string;
  /** Whose records are shared: others may use the same Redis, even with the same keys. */
  readonly environment: string;
  /** Newest first, at least one. */
  readonly recordKeys: readonly RecordKeySection[];
}

const expectedUrl = 'redis: or rediss: with a host, such as rediss://user:password@redis:6379/0';

/**
 * Makes the section ready.
 * @param identifier of this service, the same for all of its replicas, where it has one
 * @returns settings that must not be used where a problem was reported
 */
export function prepareRedis(
  section: RedisSection,
  identifier: string | undefined,
  path: string,
  report: ProblemReporter,
): RedisSettings {
  const { url, readUrl, region, caFile, recordKeys } = section;
  checkRecordKeys(recordKeys, `${path}.recordKeys`, report);
  checkAuthorities(section, path, report);
  for (const [name, value] of Object.entries({ url, readUrl })) {
    if (value !== undefined && !isRedisUrl(value)) {
      report({ path: `${path}.${name}`, found: 'something else', expected: expectedUrl });
    }
  }
  checkServers(section, path, report);
  return {
    primary: locationOf(section),
    ...(readUrl === undefined
      ? {}
      : { reader: { url: readUrl, ...(caFile && isTls(readUrl) && { ca: caFile.text }) } }),
    ...(region === undefined ? {} : { region }),
    environment: identifier ?? '',
    recordKeys,
  };
}

function locationOf({
  url,
  sentinels,
  sentinelName,
  cluster,
  username,
  password,
  tls,
  caFile,
}: RedisSection): RedisLocation {
  if (url !== undefined) return { url, ...(caFile && isTls(url) && { ca: caFile.text }) };
  return {
    ...(sentinels && { sentinels }),
    ...(sentinelName === undefined ? {} : { sentinelName }),
    ...(cluster && { cluster }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    tls,
    ...(tls && caFile && { ca: caFile.text }),
  };
}

function checkRecordKeys(keys: readonly RecordKeySection[], path: string, report: ProblemReporter): void {
  if (keys.length === 0) report({ path, found: 'an empty list', expected: 'at least one key' });
  const known = new Map<string, number>();
  for (const [i, { id, secret }] of keys.entries()) {
    const earlier = known.get(id);
    known.set(id, earlier ?? i);
    if (earlier !== undefined) {
      report({ path: `${path}[${i}].id`, found: `the same as ${path}[${earlier}].id`, expected: 'an id of its own' });
    }
    const weakness = weaknessOf(secret);
    if (weakness !== undefined) report({ path: `${path}[${i}].secret`, found: weakness, expected: strongSecret });
  }
}

/** What is written for one kind of location means nothing for another: it would be silently ignored. */
function checkServers(section: RedisSection, path: string, report: ProblemReporter): void {
  const { url, readUrl, sentinels, sentinelName, cluster, username, password, tls } = section;
  for (const [name, servers] of Object.entries({ sentinels, cluster })) {
    if (servers?.length === 0)
      report({ path: `${path}.${name}`, found: 'an empty list', expected: 'at least one server' });
  }
  if (sentinels && sentinelName === undefined) {
    report({
      path: `${path}.sentinelName`,
      found: 'nothing',
      expected: 'the name of the primary that the Sentinels watch',
    });
  }
  if (!sentinels && sentinelName !== undefined) {
    report({ path: `${path}.sentinelName`, found: 'a name', expected: 'nothing: there are no sentinels' });
  }
  if (cluster && readUrl !== undefined) {
    report({
      path: `${path}.readUrl`,
      found: 'a read replica',
      expected: 'nothing: it cannot be one of a whole cluster',
    });
  }
  if (url === undefined) return;
  const given = { username: username !== undefined, password: password !== undefined, tls };
  for (const [name, isGiven] of Object.entries(given)) {
    if (isGiven) report({ path: `${path}.${name}`, found: 'a value', expected: 'nothing: url says it' });
  }
}

function checkAuthorities({ url, readUrl, tls, caFile }: RedisSection, path: string, report: ProblemReporter): void {
  if (!caFile) return;
  const at = `${path}.caFile`;
  if (!tls && ![url, readUrl].some(isTls)) {
    report({ path: at, found: 'authorities', expected: 'nothing, or TLS: rediss: in url, or tls: true' });
  }
  if (!areCertificates(caFile.text))
    report({ path: at, found: 'no certificate', expected: 'PEM certificates of authorities' });
}

function isTls(url: string | undefined): boolean {
  return url?.startsWith('rediss://') ?? false;
}

function isRedisUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname } = new URL(text);
  return /^rediss?:$/.test(protocol) && hostname !== '' && /^\/?(\d{1,5})?$/.test(pathname);
}

function areCertificates(pem: string): boolean {
  try {
    createSecureContext({ ca: pem });
    return pem.includes('-----BEGIN CERTIFICATE-----');
  } catch {
    return false;
  }
}
