import { ListOf } from '../shared/configuration/composite-fields.js';
import type { Place } from '../shared/configuration/place.js';
import { Rule, type FileText } from '../shared/configuration/field.js';
import { FileField, FlagField, IntegerField, SecretField, TextField } from '../shared/configuration/scalar-fields.js';

const locations = ['url', 'sentinels', 'cluster'] as const;

/** One server of a Sentinel group or of a cluster. */
export class RedisNodeSection {
  @TextField('host name or address', { required: true, example: 'redis-0' })
  readonly host!: string;

  @IntegerField('port', { default: 6379, min: 1, max: 65_535 })
  readonly port!: number;
}

/** A key for the codes that authenticate shared records. */
export class RecordKeySection {
  @TextField('its name in the records', { required: true, example: 'k1' })
  readonly id!: string;

  @SecretField('the key itself', { required: true, example: '${file:/run/secrets/assay-record-key}' })
  readonly secret!: string;
}

/** The store that replicas share. Absent: one process, in memory. */
export class RedisSection {
  @SecretField('one server: `redis:` or, with TLS, `rediss:`', {
    example: 'rediss://user:${env:REDIS_PASSWORD}@redis:6379/0',
  })
  readonly url?: string;

  @ListOf('the servers of a Sentinel group', () => RedisNodeSection)
  readonly sentinels?: readonly RedisNodeSection[];

  @TextField('name of the primary that the Sentinels watch', { example: 'mymaster' })
  readonly sentinelName?: string;

  @ListOf('some servers of a cluster', () => RedisNodeSection)
  readonly cluster?: readonly RedisNodeSection[];

  @TextField('user of the servers of `sentinels` or `cluster`; that of `url` is written there', { example: 'assay' })
  readonly username?: string;

  @SecretField('its password', { example: '${env:REDIS_PASSWORD}' })
  readonly password?: string;

  @FileField(
    'file with the password, read again for each connection, and presented on open ones when it changes; for `url` and `readUrl`, too, where they name no password',
    { example: '/var/run/secrets/redis/token' },
  )
  readonly passwordFile?: FileText;

  @TextField('user of the Sentinels themselves', { example: 'assay' })
  readonly sentinelUsername?: string;

  @SecretField('its password', { example: '${env:SENTINEL_PASSWORD}' })
  readonly sentinelPassword?: string;

  @FileField('file with the password of the Sentinels, read again for each connection', {
    example: '/var/run/secrets/sentinel/password',
  })
  readonly sentinelPasswordFile?: FileText;

  @FlagField('speak TLS with the servers of `sentinels` or `cluster`', { default: false })
  readonly tls!: boolean;

  @FlagField('speak TLS with the Sentinels themselves; absent: as `tls` says')
  readonly sentinelTls?: boolean;

  @FileField("the authorities to trust instead of the system's, PEM; read again for each connection", {
    example: 'redis-ca.crt',
  })
  readonly caFile?: FileText;

  @FileField('our client certificate, with the chain to its authority, PEM; read again for each connection', {
    example: 'redis-client.crt',
  })
  readonly clientCertFile?: FileText;

  @FileField('its private key, PEM; read again for each connection', { example: 'redis-client.key' })
  readonly clientKeyFile?: FileText;

  @SecretField(
    'a read replica in this region; without a password of its own it is given that of `passwordFile`, with the user of the primary where it names none',
    { example: 'redis://replica:6379/0' },
  )
  readonly readUrl?: string;

  @TextField('name of the region', { example: 'eu-west-1' })
  readonly region?: string;

  @TextField(
    'whose data it is: all replicas with the same word share keys, budgets and denials, and see nothing of others on the same Redis; default: `server.identifier`',
    { example: 'production' },
  )
  readonly environment?: string;

  @ListOf('keys that authenticate the shared records, newest first; two make a rotation', () => RecordKeySection, {
    required: true,
  })
  readonly recordKeys!: readonly RecordKeySection[];

  @Rule(...locations)
  refuseOtherThanOne(place: Place): void {
    const given = locations.filter((location) => this[location] !== undefined);
    if (given.length === 1) return;
    place.refuse(given.join(' and ') || 'no location', `exactly one of ${locations.join(', ')}`);
  }
}
