/** Makes the clients that talk to Redis, with the one set of options that all of them have. */
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { SystemClock, type Clock } from '../shared/clock.js';
import { presentCurrentPasswords, tlsOptions } from './redis-credentials.js';
import type { RedisClient } from './redis-link.js';
import type { RedisLocation, RedisNode } from './redis-location.js';

/** How long to wait before connecting again after an end that was not asked for, in milliseconds. */
export const COMEBACK_MS = 200;

/**
 * A client that ends only when it is asked to. Where a Sentinel reports a failover while the client still connects to the former
 * primary, ioredis takes its own disconnecting for a request to stop, and never connects again (redis/ioredis#1683).
 */
export class LastingRedis extends Redis {
  private isLeaving = false;

  /** From now on it comes back from every end, until {@link disconnect}. @returns the client itself */
  lasting(clock: Clock = new SystemClock()): this {
    this.on('end', () => {
      clock.after(COMEBACK_MS, () => {
        if (!this.isLeaving && this.status === 'end') this.connect().catch(() => undefined);
      });
    });
    return this;
  }

  override disconnect(reconnect = false): void {
    if (!reconnect) this.isLeaving = true;
    super.disconnect(reconnect);
  }
}

/**
 * No request waits for Redis on a known key, and nothing else may wait long: ioredis' defaults stall for ten to twenty
 * seconds and queue without bound. Half a second, because a busy machine stalls for a tenth of it now and
 * then, and a replica that decides alone costs its issuers fetches (docs/adr/0004-half-a-second-for-redis.md).
 */
const prompt = {
  commandTimeout: 500,
  connectTimeout: 1_000,
  // A connection that a firewall has forgotten swallows what is sent, and nothing ends it for a quarter of an hour: where no reply comes at
  // all, it is given up, and another one is opened.
  socketTimeout: 2_000,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  keepAlive: 5_000,
  // The name of the library is of no use to the server, and a restricted user may not set it.
  disableClientInfo: true,
  lazyConnect: true,
} satisfies RedisOptions;

/** Without `replyMapping`: ioredis chooses its reply types by it, and we keep the default. */
type CommonOptions = Omit<RedisOptions, 'replyMapping'>;

/** Milliseconds until the next attempt to connect: eager, because a failover takes about two seconds. */
function reconnectDelayMs(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 6), 2_000);
}

/**
 * A replica that was promoted under us, or a primary that was demoted, answers READONLY: connect again to find the primary. One
 * that has forgotten who we are, because a password has run out, answers NOAUTH: connect again with the password of now.
 */
function isCuredByConnecting(error: Error): boolean {
  return /^(READONLY|NOAUTH)\b/.test(error.message);
}

/** Whether the servers speak TLS with us. */
export function speaksTls({ url, tls, ca }: RedisLocation): boolean {
  return url === undefined ? (tls ?? ca !== undefined) : url.startsWith('rediss://');
}

/** A client for commands. Not connected yet: call `connect()`, whose failure is not final, it goes on trying. */
export function redisClient(location: RedisLocation, name: string): RedisClient {
  const client = clientOf(location, name);
  presentCurrentPasswords(client, location);
  return client;
}

function clientOf(location: RedisLocation, name: string): RedisClient {
  const { url, username, cluster, sentinels } = location;
  const isTls = speaksTls(location);
  const { sentinelTls = isTls } = location;
  const tls = isTls || sentinelTls ? tlsOptions(location) : undefined;
  const options = {
    ...prompt,
    ...(username === undefined ? {} : { username }),
    ...(tls && isTls ? { tls } : {}),
    connectionName: name,
  };
  if (cluster) return clusterClient(cluster, options);
  const single = {
    ...options,
    enableOfflineQueue: false,
    retryStrategy: reconnectDelayMs,
    reconnectOnError: isCuredByConnecting,
  };
  if (sentinels) return sentinelClient(location, { ...single, ...(tls && sentinelTls ? { sentinelTLS: tls } : {}) });
  return new LastingRedis(url ?? '', single).lasting();
}

/** A client for one subscription, which may be silent for long. Whoever uses it subscribes each time it is `ready`. */
export function redisSubscriber(location: RedisLocation, name: string): RedisClient {
  const client = redisClient(location, name);
  if (client instanceof Redis) {
    delete client.options.commandTimeout;
    // The library would subscribe as well, and reject a promise that nobody has where the connection is cut at that moment.
    client.options.autoResubscribe = false;
  }
  return client;
}

function clusterClient(nodes: readonly RedisNode[], options: CommonOptions): Cluster {
  return new Cluster([...nodes], {
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: reconnectDelayMs,
    // A failover moves slots: ask again soon instead of hammering a node that is gone.
    slotsRefreshTimeout: 1_000,
    slotsRefreshInterval: 5_000,
    maxRedirections: 4,
    retryDelayOnFailover: 100,
    retryDelayOnClusterDown: 100,
    redisOptions: options,
    // Names are kept for TLS, whose certificates speak of names.
    ...(options.tls
      ? {
          dnsLookup: (address: string, done: (error: null, address: string) => void) => {
            done(null, address);
          },
        }
      : {}),
  });
}

function sentinelClient(location: RedisLocation, options: CommonOptions): Redis {
  const { sentinels = [], sentinelName = 'mymaster', sentinelUsername } = location;
  return new LastingRedis({
    ...options,
    sentinels: [...sentinels],
    name: sentinelName,
    ...(sentinelUsername === undefined ? {} : { sentinelUsername }),
    sentinelRetryStrategy: reconnectDelayMs,
    sentinelCommandTimeout: 1_000,
    failoverDetector: true,
    ...(options.tls ? { enableTLSForSentinelMode: true } : {}),
  }).lasting();
}
