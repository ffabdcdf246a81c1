import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Place } from '../shared/configuration/place.js';
import { refuseRepeated } from '../shared/configuration/written.js';
import { strongKey, weaknessOfKey } from '../shared/secret-strength.js';
import { passwordInUrl } from './redis-location.js';
import type { RecordKeySection, RedisSection } from './redis.config.js';

const expectedUrl = 'redis: or rediss: with a host, such as rediss://user:password@redis:6379/0';

/** Reports what of the section cannot be meant: what is written for one kind of Redis and means nothing for another would be silently ignored. */
export function checkRedisSection(section: RedisSection, place: Place): void {
  checkRecordKeys(section.recordKeys, place.at('recordKeys'));
  checkServers(section, place);
  checkPasswords(section, place);
  checkCertificates(section, place);
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

function checkServers(section: RedisSection, place: Place): void {
  const { url, readUrl, sentinels, sentinelName, cluster } = section;
  for (const [name, value] of Object.entries({ url, readUrl })) {
    if (value !== undefined && !isRedisUrl(value)) place.at(name).refuse('something else', expectedUrl);
  }
  for (const [name, servers] of Object.entries({ sentinels, cluster })) {
    if (servers?.length === 0) place.at(name).refuse('an empty list', 'at least one server');
  }
  if (sentinels && sentinelName === undefined) {
    place.at('sentinelName').refuse('nothing', 'the name of the primary that the Sentinels watch');
  }
  if (cluster && readUrl !== undefined) {
    place.at('readUrl').refuse('a read replica', 'nothing: it cannot be one of a whole cluster');
  }
  if (!sentinels) refuseOfSentinels(section, place);
  if (url !== undefined) refuseBesideUrl(section, place);
}

const ofSentinels = [
  'sentinelName',
  'sentinelUsername',
  'sentinelPassword',
  'sentinelPasswordFile',
  'sentinelTls',
] as const;

function refuseOfSentinels(section: RedisSection, place: Place): void {
  for (const name of ofSentinels) {
    if (section[name] !== undefined) place.at(name).refuse('a value', 'nothing: there are no sentinels');
  }
}

function refuseBesideUrl({ username, password, tls }: RedisSection, place: Place): void {
  const given = { username: username !== undefined, password: password !== undefined, tls };
  for (const [name, isGiven] of Object.entries(given)) {
    if (isGiven) place.at(name).refuse('a value', 'nothing: url says it');
  }
}

function checkPasswords(section: RedisSection, place: Place): void {
  const { url, password, sentinelPassword } = section;
  const others = {
    passwordFile: passwordInUrl(url) !== undefined ? 'url' : password !== undefined && 'password',
    sentinelPasswordFile: sentinelPassword !== undefined && 'sentinelPassword',
  };
  for (const name of ['passwordFile', 'sentinelPasswordFile'] as const) {
    const file = section[name];
    if (!file) continue;
    const other = others[name];
    if (other) place.at(name).refuse(`a password in ${other} as well`, 'exactly one of them');
    if (file.text.trim() === '') place.at(name).refuse('an empty file', 'a file with a password');
  }
}

function checkCertificates(section: RedisSection, place: Place): void {
  const { caFile, clientCertFile, clientKeyFile } = section;
  if (!speaksTls(section)) {
    for (const name of ['caFile', 'clientCertFile', 'clientKeyFile'] as const) {
      if (section[name]) place.at(name).refuse('certificates', 'nothing, or TLS: rediss: in url, or tls: true');
    }
  }
  if (caFile && !(hasCertificate(caFile.text) && isUsable({ ca: caFile.text }))) {
    place.at('caFile').refuse('no certificate', 'PEM certificates of authorities');
  }
  if (clientCertFile && !clientKeyFile) place.at('clientKeyFile').refuse('nothing', 'the key of clientCertFile');
  if (clientKeyFile && !clientCertFile)
    place.at('clientCertFile').refuse('nothing', 'the certificate of clientKeyFile');
  if (!clientCertFile || !clientKeyFile) return;
  if (!isUsable({ cert: clientCertFile.text, key: clientKeyFile.text })) {
    const expected = 'PEM of a certificate, and of its private key in clientKeyFile';
    place.at('clientCertFile').refuse('files that do not make a client certificate', expected);
  }
}

function speaksTls({ url, readUrl, tls, sentinelTls }: RedisSection): boolean {
  return tls || sentinelTls === true || [url, readUrl].some((each) => each?.startsWith('rediss://'));
}

function isRedisUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname } = new URL(text);
  return /^rediss?:$/.test(protocol) && hostname !== '' && /^\/?(\d{1,5})?$/.test(pathname);
}

function hasCertificate(pem: string): boolean {
  return pem.includes('-----BEGIN CERTIFICATE-----');
}

function isUsable(options: SecureContextOptions): boolean {
  try {
    createSecureContext(options);
    return true;
  } catch {
    return false;
  }
}
