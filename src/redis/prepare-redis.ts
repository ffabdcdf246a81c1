import type { FileText } from '../shared/configuration/field.js';
import type { Place } from '../shared/configuration/place.js';
import { checkRedisSection } from './check-redis-section.js';
import { passwordInUrl, userInUrl, type RedisLocation } from './redis-location.js';
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

/**
 * Makes the section ready.
 * @param identifier of this service, the same for all of its replicas, where it has one
 * @returns settings that must not be used where a problem was reported
 */
export function prepareRedis(section: RedisSection, identifier: string | undefined, place: Place): RedisSettings {
  checkRedisSection(section, place);
  const { readUrl, region, environment, recordKeys } = section;
  return {
    primary: primaryOf(section),
    ...(readUrl === undefined ? {} : { reader: readerOf(readUrl, section) }),
    ...(region === undefined ? {} : { region }),
    environment: environment ?? identifier ?? '',
    recordKeys,
  };
}

function primaryOf(section: RedisSection): RedisLocation {
  const { url, sentinels, cluster, tls } = section;
  if (url !== undefined) return { url, ...passwordOf(section), ...certificatesOf(section) };
  const { sentinelName, username, sentinelUsername, sentinelPassword, sentinelPasswordFile, sentinelTls } = section;
  return given({
    sentinels,
    sentinelName,
    cluster,
    username,
    ...passwordOf(section),
    sentinelUsername,
    sentinelPassword: sentinelPasswordFile ?? sentinelPassword,
    tls,
    sentinelTls,
    ...certificatesOf(section),
  });
}

/** What `readUrl` says of a user counts; where it says nothing of a password, the file with that of the primary does. */
function readerOf(readUrl: string, section: RedisSection): RedisLocation {
  const { passwordFile } = section;
  const reader = { url: readUrl, ...certificatesOf(section) };
  if (!passwordFile || passwordInUrl(readUrl) !== undefined) return reader;
  return given({ ...reader, username: section.username ?? userInUrl(section.url), password: passwordFile });
}

function passwordOf({ password, passwordFile }: RedisSection): { readonly password?: string | FileText } {
  return given({ password: passwordFile ?? password });
}

function certificatesOf({ caFile, clientCertFile, clientKeyFile }: RedisSection) {
  return given({ ca: caFile, clientCert: clientCertFile, clientKey: clientKeyFile });
}

type Given<Values> = { readonly [Name in keyof Values]?: Exclude<Values[Name], undefined> };

/** The members that have a value. */
function given<Values extends object>(values: Values): Given<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<Values>;
}
