import { describe, expect, it } from 'vitest';
import { failureOf, redisFailures, type RedisFailure } from './redis-failure.js';

const withCode = (code: string, message = 'whatever') => Object.assign(new Error(message), { code });

/** Codes of Node and OpenSSL, replies of Redis 6 to 8 and of Sentinels, and what ioredis makes of them. */
const examples: Readonly<Record<RedisFailure, readonly unknown[]>> = {
  refused: [
    withCode('ECONNREFUSED'),
    new Error('failed to connect to sentinel 10.0.0.1:26379 because connect ECONNREFUSED 10.0.0.1:26379'),
  ],
  unreachable: [withCode('EHOSTUNREACH'), withCode('ENETUNREACH')],
  timeout: [withCode('ETIMEDOUT', 'connect ETIMEDOUT'), new Error('Command timed out'), new Error('timeout')],
  dns: [withCode('ENOTFOUND', 'getaddrinfo ENOTFOUND redis'), withCode('EAI_AGAIN')],
  closed: [
    withCode('ECONNRESET'),
    new Error('Connection is closed.'),
    new Error("Stream isn't writeable and enableOfflineQueue options is false"),
    new Error("Cluster isn't ready and enableOfflineQueue options is false"),
    new Error(
      'Reached the max retries per request limit (which is 0). Refer to "maxRetriesPerRequest" option for details.',
    ),
    new Error('None of startup nodes is available'),
    Object.assign(new Error('Failed to refresh slots cache.'), { lastNodeError: new Error('Connection is closed.') }),
  ],
  tls: [
    withCode('ERR_SSL_WRONG_VERSION_NUMBER'),
    withCode('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'),
    withCode('EPROTO'),
  ],
  certificate_untrusted: [
    withCode('SELF_SIGNED_CERT_IN_CHAIN'),
    withCode('DEPTH_ZERO_SELF_SIGNED_CERT'),
    withCode('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    withCode('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
  ],
  certificate_expired: [withCode('CERT_HAS_EXPIRED'), withCode('CERT_NOT_YET_VALID')],
  certificate_name: [withCode('ERR_TLS_CERT_ALTNAME_INVALID')],
  client_certificate: [
    withCode('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'),
    withCode('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'),
    withCode('ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED'),
    withCode('ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE'),
  ],
  password: [
    new Error('WRONGPASS invalid username-password pair or user is disabled.'),
    new Error('NOAUTH Authentication required.'),
    new Error('ERR invalid password'),
    new Error('failed to connect to sentinel 10.0.0.1:26379 because WRONGPASS invalid username-password pair'),
  ],
  permission: [
    new Error("NOPERM this user has no permissions to run the 'evalsha' command"),
    new Error("ERR The user executing the script can't run this command or subcommand script: 5e1f"),
  ],
  topology: [
    new Error('MOVED 3999 10.0.0.1:6381'),
    new Error("READONLY You can't write against a read only replica."),
    new Error("ERR unknown command 'evalsha', with args beginning with: "),
    new Error('ERR This instance has cluster support disabled'),
    new Error('ERR SELECT is not allowed in cluster mode'),
    new Error('connected to sentinel 10.0.0.1:26379 successfully, but got an invalid reply: null'),
    Object.assign(new Error('Failed to refresh slots cache.'), {
      lastNodeError: new Error('ERR This instance has cluster support disabled'),
    }),
  ],
  loading: [
    new Error('LOADING Redis is loading the dataset in memory'),
    new Error('CLUSTERDOWN Hash slot not served'),
    new Error('MASTERDOWN Link with MASTER is down'),
    new Error('BUSY Redis is busy running a script.'),
  ],
  exhausted: [
    new Error("OOM command not allowed when used memory > 'maxmemory'."),
    new Error('MISCONF Redis is configured to save RDB snapshots, but it is unable to persist to disk.'),
    new Error('ERR max number of clients reached'),
  ],
  other: [new Error('WRONGTYPE Operation against a key holding the wrong kind of value'), 'no error', undefined],
};

describe('failureOf', () => {
  it.each(Object.keys(redisFailures) as RedisFailure[])('recognizes %s', (reason) => {
    for (const error of examples[reason]) expect([error, failureOf(error)]).toEqual([error, reason]);
  });
});
