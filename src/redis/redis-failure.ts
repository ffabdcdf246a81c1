/**
 * Why Redis does not do what it is asked, with the sentence for operators: what it is, and what to do. The names are values of a
 * metric's label, and each has a paragraph in docs/operations.md, "Why Redis does not answer".
 */
export const redisFailures = {
  refused: 'Redis refuses the connection: check that it runs, and the host and the port in the configuration',
  unreachable: 'there is no route to Redis: check routes, firewalls and network policies',
  timeout: 'Redis does not answer in time: check its load, and what may drop packets on the way to it',
  dns: 'the host name of Redis cannot be resolved: check the host in the configuration, and DNS',
  closed: 'Redis closes the connection: check its log, and whether it expects TLS on this port',
  tls: 'there is no TLS connection to Redis: check that its port speaks TLS, and whether it wants a client certificate',
  certificate_untrusted:
    'the certificate of Redis is signed by an authority that is not trusted: put that authority into the file redis.caFile',
  certificate_expired: 'the certificate of Redis is not valid at this time: renew it, or set the clock',
  certificate_name: 'the certificate of Redis is for another name: connect to a name that is in it',
  client_certificate: 'Redis does not accept our client certificate: check redis.clientCertFile and its authority',
  password: 'Redis does not accept our user or password: check them, and the file redis.passwordFile if it has one',
  permission: 'the user of Redis lacks rights that Assay needs: give it those in docs/operations.md',
  topology:
    'this server of Redis is not the right one: name a cluster in redis.cluster, Sentinels in redis.sentinels, and a primary in redis.url',
  loading: 'Redis is not ready yet: it loads its data, or a part of its cluster is down',
  exhausted: 'Redis has no room: check its memory, its limit of connections, and its disk',
  other: 'Redis fails in another way: check its log',
} as const satisfies Readonly<Record<string, string>>;

/** Why Redis does not do what it is asked. */
export type RedisFailure = keyof typeof redisFailures;

/**
 * What the code and the text of an error mean; the first that fits. Texts, because replies of Redis have no codes, and because
 * ioredis puts what a Sentinel said into a sentence of its own.
 */
const meanings: readonly (readonly [RegExp, RedisFailure])[] = [
  [/\b(WRONGPASS|NOAUTH)\b|invalid username-password|invalid password/, 'password'],
  [/\bNOPERM\b|The user executing the script can't/, 'permission'],
  [/\b(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY)\b/, 'loading'],
  [/\b(OOM|MISCONF|NOREPLICAS)\b|max number of clients/, 'exhausted'],
  [/^\S* ?(MOVED|ASK) \d|\bREADONLY\b|cluster support disabled|not allowed in cluster|unknown command/, 'topology'],
  [/CROSSSLOT|but got an invalid reply/, 'topology'],
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'certificate_expired'],
  [/CERT_ALTNAME_INVALID/, 'certificate_name'],
  [
    /UNABLE_TO_(VERIFY|GET)_|SELF_SIGNED|CERT_(UNTRUSTED|REJECTED|REVOKED|SIGNATURE)|INVALID_(CA|PURPOSE)/,
    'certificate_untrusted',
  ],
  [/ALERT_(\w*CERTIFICATE|UNKNOWN_CA)/, 'client_certificate'],
  [/ERR_SSL|ERR_TLS|EPROTO/, 'tls'],
  [/\b(ENOTFOUND|EAI_\w+|ENODATA)\b/, 'dns'],
  [/\bECONNREFUSED\b/, 'refused'],
  [/\b(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL)\b/, 'unreachable'],
  [/\bETIMEDOUT\b|timed out|^timeout$/, 'timeout'],
  [
    /\b(ECONNRESET|EPIPE)\b|Connection is closed|max retries per request|isn't writeable|isn't ready|sentinels are unreachable/,
    'closed',
  ],
  [/startup nodes|refresh slots cache|No subscriber|is ended|is disconnect|Command aborted/, 'closed'],
];

/** Why, as far as the error says. Nothing of its text is kept: it may name hosts, users and keys. */
export function failureOf(error: unknown): RedisFailure {
  const cause = (error as { readonly lastNodeError?: unknown } | undefined)?.lastNodeError;
  if (cause) return failureOf(cause);
  if (!(error instanceof Error)) return 'other';
  const { code } = error as NodeJS.ErrnoException;
  const found = meanings.find(([pattern]) => (code !== undefined && pattern.test(code)) || pattern.test(error.message));
  return found?.[1] ?? 'other';
}
