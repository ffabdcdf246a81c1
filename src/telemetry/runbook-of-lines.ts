/** The place of a paragraph, as alerts and the admin API name it; the console has it as a page. */
type Paragraph = `docs/${string}.md#${string}`;

/**
 * Which paragraph an operator reads after a line of the log: the one table of these lines. At level warn and error a sentence without a row
 * does not compile; at level info those have one that ask for something. Features need not know where documents are. Each paragraph quotes the sentences that lead to it.
 */
export const runbookOfLines = {
  // keys of issuers
  'JWKS refresh failed': 'docs/operations.md#an-issuer-cannot-be-reached',
  'metadata of an issuer names another key set than before': 'docs/operations.md#an-issuer-moved-its-key-set',
  'issuer publishes secret key material; its keys must be replaced': 'docs/operations.md#assaysecretkeypublished',
  'published keys are not used': 'docs/operations.md#assaynousablekeys',
  'certificate (x5c) of a published key belongs to another key; the key is still used':
    'docs/operations.md#a-certificate-of-a-key-is-wrong',
  'certificate of a published key has expired; the key is still used':
    'docs/operations.md#a-certificate-of-a-key-is-wrong',
  'key that signed tokens lately is not accepted any more': 'docs/operations.md#assayremovedkeyinuse',
  'issuer withdrew half of its keys or more at once': 'docs/operations.md#assaymassremoval',
  'two registrations with the same iss publish the same key; it counts only for the one that comes first in the configuration':
    'docs/operations.md#assaykeycontested',
  'the proxy in the environment variables is not used; to use one for the keys of an issuer, set its network.proxyUrl':
    'docs/operations.md#an-issuer-behind-a-forward-proxy',

  // what replicas share
  'shared store does not answer; this replica decides alone': 'docs/operations.md#redis-is-lost',
  'shared store has permitted no fetch for too long; this replica fetches without its permission':
    'docs/operations.md#assaypermitswithheld',
  'clock of the shared store differs from ours; this replica stores nothing there':
    'docs/operations.md#assayclocksapart',
  'shared record rejected; check who may write to Redis': 'docs/operations.md#a-shared-record-is-not-believed',
  'entry of the shared change log rejected; check who may write to Redis':
    'docs/operations.md#a-shared-record-is-not-believed',
  'another region does not report': 'docs/operations.md#assayregionunreachable',

  // why Redis does not answer
  'Redis refuses the connection: check that it runs, and the host and the port in the configuration':
    'docs/operations.md#why-redis-does-not-answer',
  'there is no route to Redis: check routes, firewalls and network policies':
    'docs/operations.md#why-redis-does-not-answer',
  'Redis does not answer in time: check its load, and what may drop packets on the way to it':
    'docs/operations.md#why-redis-does-not-answer',
  'the host name of Redis cannot be resolved: check the host in the configuration, and DNS':
    'docs/operations.md#why-redis-does-not-answer',
  'Redis closes the connection: check its log, and whether it expects TLS on this port':
    'docs/operations.md#why-redis-does-not-answer',
  'there is no TLS connection to Redis: check that its port speaks TLS, and whether it wants a client certificate':
    'docs/operations.md#why-redis-does-not-answer',
  'the certificate of Redis is signed by an authority that is not trusted: put that authority into the file redis.caFile':
    'docs/operations.md#why-redis-does-not-answer',
  'the certificate of Redis is not valid at this time: renew it, or set the clock':
    'docs/operations.md#why-redis-does-not-answer',
  'the certificate of Redis is for another name: connect to a name that is in it':
    'docs/operations.md#why-redis-does-not-answer',
  'Redis does not accept our client certificate: check redis.clientCertFile and its authority':
    'docs/operations.md#why-redis-does-not-answer',
  'Redis does not accept our user or password: check them, and the file redis.passwordFile if it has one':
    'docs/operations.md#why-redis-does-not-answer',
  'the user of Redis lacks rights that Assay needs: give it those in docs/operations.md':
    'docs/operations.md#why-redis-does-not-answer',
  'this server of Redis is not the right one: name a cluster in redis.cluster, Sentinels in redis.sentinels, and a primary in redis.url':
    'docs/operations.md#why-redis-does-not-answer',
  'Redis is not ready yet: it loads its data, or a part of its cluster is down':
    'docs/operations.md#why-redis-does-not-answer',
  'Redis has no room: check its memory, its limit of connections, and its disk':
    'docs/operations.md#why-redis-does-not-answer',
  'Redis fails in another way: check its log': 'docs/operations.md#why-redis-does-not-answer',

  // the configuration, and the start
  'configuration warning': 'docs/operations.md#a-warning-about-the-configuration',
  'configuration problem': 'docs/operations.md#a-change-does-not-take-effect',
  'configuration not reloaded: the old one stays in force': 'docs/operations.md#assayreloadfailing',
  'changed settings take effect with the next start': 'docs/operations.md#a-change-does-not-take-effect',
  'included file refused: its last good version stays in force': 'docs/operations.md#assayincludedfilerefused',
  'included file refused: nothing of it is in force': 'docs/operations.md#assayincludedfilerefused',
  'a claim in the configuration looks like a path, and no token has had it': 'docs/claims.md#how-a-claim-is-named',
  'signing key is used before every reader of /jwks can know it: some readers will refuse signed answers':
    'docs/signed-answers.md#keys',
  'signing key was removed while answers that it signed may still be in use: some readers will refuse them':
    'docs/signed-answers.md#keys',
  'gRPC is off: its default port is in use, and server.grpc is not configured': 'docs/operations.md#grpc-is-off',
  'the service could not start': 'docs/operations.md#a-pod-does-not-become-ready',

  // what clients and issuers of opaque tokens do
  'a client sends its private key with its DPoP proofs; its tokens and its key must be replaced':
    'docs/operations.md#assayproofkeyleaked',
  'an issuer was asked about a token, and answered about another issuer or subject':
    'docs/operations.md#assayupstreamforeign',
  'an issuer cannot be asked about its tokens': 'docs/opaque.md#what-the-answer-is-held-to',
  'an issuer now accepts the other credentials: remove those that it refuses': 'docs/opaque.md#credentials',

  // what providers send
  'signal refused although its signature is good: compare the signal in the configuration with what the provider has registered':
    'docs/operations.md#assaysignalsrefused',
  'the stream is not up: events of its transmitter may not arrive': 'docs/operations.md#assaysignalstreamdown',
  'the transmitter had disabled the stream: it does not send the events of that time again (fields from and to)':
    'docs/operations.md#assaysignalstreamdown',
  'the transmitter of a stream could not be asked, or its events could not be processed':
    'docs/operations.md#assaysignalstreamdown',
  'the transmitter sends no events until subjects are added to the stream there: its metadata says default_subjects: NONE':
    'docs/operations.md#a-stream-brings-less-than-it-should',
  'the transmitter does not deliver some events in this stream, so they end no token: have them added there, or set them to ignore in the events of the signal':
    'docs/operations.md#a-stream-brings-less-than-it-should',
  'the transmitter wants fewer questions than verifyEvery asks (min_verification_interval): it is asked as often as askedEverySeconds says, and a silent stream is noticed after three times as long':
    'docs/operations.md#a-stream-brings-less-than-it-should',
  'min_verification_interval of the stream at its transmitter is not a number of seconds from 0 to 86400, and is not used':
    'docs/operations.md#a-stream-brings-less-than-it-should',
  'the configuration of the stream could not be read at its transmitter: the min_verification_interval that was read last is still used, or none':
    'docs/operations.md#a-stream-brings-less-than-it-should',
  'the transmitter wants to be asked later whether the stream is alive (429): its events are still taken':
    'docs/operations.md#a-stream-brings-less-than-it-should',
  'the transmitter could not be asked whether the stream is alive: its events are still taken':
    'docs/operations.md#a-stream-brings-less-than-it-should',

  // telemetry
  'audit trail cannot be written; its records wait in memory': 'docs/operations.md#the-audit-trail-cannot-be-written',
  'audit records of decisions are lost': 'docs/operations.md#the-audit-trail-cannot-be-written',
  'audit record could not be written; here it is': 'docs/operations.md#the-audit-trail-cannot-be-written',
  'traces or metrics could not be exported': 'docs/operations.md#assaytelemetryexportfailing',

  // what should not happen
  'unexpected error': 'docs/operations.md#an-unexpected-error',
  'an admin request could not be served': 'docs/operations.md#an-unexpected-error',
  'unhandled rejection': 'docs/operations.md#an-unexpected-error',
  'uncaught exception': 'docs/operations.md#an-unexpected-error',
  'framework warning': 'docs/operations.md#an-unexpected-error',
  'framework error': 'docs/operations.md#an-unexpected-error',
} as const satisfies Readonly<Record<string, Paragraph>>;

/** A sentence of a line that an operator acts on. */
export type OperatorSentence = keyof typeof runbookOfLines;

/** @returns the paragraph about lines with this sentence; `undefined` where there is nothing to do */
export function paragraphOf(sentence: string): Paragraph | undefined {
  return Object.hasOwn(runbookOfLines, sentence) ? runbookOfLines[sentence as OperatorSentence] : undefined;
}
