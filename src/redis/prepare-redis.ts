import { createSecureContext } from 'node:tls';
import type { Place } from '../shared/configuration/place.js';
import { refuseRepeated } from '../shared/configuration/written.js';
import { strongKey, weaknessOfKey } from '../shared/secret-strength.js';
import type { RedisLocation } from './redis-client.js';
import type { RecordKeySection, RedisSection } from './redis.config.js';

/** Where the shared store is, and the keys that authenticate what is in it. Immutable. */
export interface RedisSettings {
  /** Where everything is decided. */
  readonly primary: RedisLocation;
  /** A read replica that is nearer. */
  readonly reader?: RedisLocation;
  readonly region?: string;
  /** Whose data it is: other environments may use the same Redis, even with the same keys. */
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
export function prepareRedis(section: RedisSection, identifier: string | undefined, place: Place): RedisSettings {
  const { url, readUrl, region, environment, caFile, recordKeys } = section;
  checkRecordKeys(recordKeys, place.at('recordKeys'));
  checkAuthorities(section, place);
  for (const [name, value] of Object.entries({ url, readUrl })) {
    if (value !== undefined && !isRedisUrl(value)) place.at(name).refuse('something else', expectedUrl);
  }
  checkServers(section, place);
  return {
    primary: locationOf(section),
    ...(readUrl === undefined
      ? {}
      : { reader: { url: readUrl, ...(caFile && isTls(readUrl) && { ca: caFile.text }) } }),
    ...(region === undefined ? {} : { region }),
    environment: environment ?? identifier ?? '',
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

function checkRecordKeys(keys: readonly RecordKeySection[], place: Place): void {
  if (keys.length === 0) place.refuse('an empty list', 'at least one key');
  const ids = keys.map(({ id }, i) => ({ text: id, place: place.at(i).at('id') }));
  refuseRepeated(ids, 'an id of its own');
  for (const [i, { secret }] of keys.entries()) {
    const weakness = weaknessOfKey(secret);
    if (weakness !== undefined) place.at(i).at('secret').refuse(weakness, strongKey);
  }
}

/** What is written for one kind of location means nothing for another: it would be silently ignored. */
function checkServers(section: RedisSection, place: Place): void {
  const { url, readUrl, sentinels, sentinelName, cluster, username, password, tls } = section;
  for (const [name, servers] of Object.entries({ sentinels, cluster })) {
    if (servers?.length === 0) place.at(name).refuse('an empty list', 'at least one server');
  }
  if (sentinels && sentinelName === undefined) {
    place.at('sentinelName').refuse('nothing', 'the name of the primary that the Sentinels watch');
  }
  if (!sentinels && sentinelName !== undefined) {
    place.at('sentinelName').refuse('a name', 'nothing: there are no sentinels');
  }
  if (cluster && readUrl !== undefined) {
    place.at('readUrl').refuse('a read replica', 'nothing: it cannot be one of a whole cluster');
  }
  if (url === undefined) return;
  const given = { username: username !== undefined, password: password !== undefined, tls };
  for (const [name, isGiven] of Object.entries(given)) {
    if (isGiven) place.at(name).refuse('a value', 'nothing: url says it');
  }
}

function checkAuthorities({ url, readUrl, tls, caFile }: RedisSection, place: Place): void {
  if (!caFile) return;
  const at = place.at('caFile');
  if (!tls && ![url, readUrl].some(isTls)) {
    at.refuse('authorities', 'nothing, or TLS: rediss: in url, or tls: true');
  }
  if (!areCertificates(caFile.text)) at.refuse('no certificate', 'PEM certificates of authorities');
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
