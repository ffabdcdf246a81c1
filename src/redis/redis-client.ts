import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisClient } from './redis-link.js';
import { SystemClock, type Clock } from '../shared/clock.js';

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

/** Where Redis is. Exactly one of `url`, `sentinels` and `cluster` leads there. */
export interface RedisLocation {
  readonly url?: string;
  readonly sentinels?: readonly RedisNode[];
  readonly sentinelName?: string;
  readonly cluster?: readonly RedisNode[];
  readonly username?: string;
  readonly password?: string;
  /** PEM of the authorities to trust; implies TLS. */
  readonly ca?: string;
  readonly tls?: boolean;
}

/** One server of a Sentinel group or of a cluster. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/**
 * No request waits for Redis on a known key, and nothing else may wait long: ioredis' defaults stall for ten to twenty
 * seconds and queue without bound (key-lifecycle 4). Half a second, because a busy machine stalls for a tenth of it now and
 * then, and a replica that decides alone costs its issuers fetches (docs/adr/0004-half-a-second-for-redis.md).
 */
const prompt = {
  commandTimeout: 500,
  connectTimeout: 1_000,
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

/** A replica that was promoted under us, or a primary that was demoted, answers READONLY: connect again to find the primary. */
function isDemoted(error: Error): boolean {
  return error.message.startsWith('READONLY');
}

/** A client for commands. Not connected yet: call `connect()`, whose failure is not final, it goes on trying. */
export function redisClient(location: RedisLocation, name: string): RedisClient {
  const options = { ...prompt, ...credentials(location), connectionName: name };
  if (location.cluster) return clusterClient(location.cluster, options);
  const single = {
    ...options,
    enableOfflineQueue: false,
    retryStrategy: reconnectDelayMs,
    reconnectOnError: isDemoted,
  };
  if (location.sentinels) return sentinelClient(location, single);
  return new LastingRedis(location.url ?? '', single).lasting();
}

/** A client for one subscription: it may be silent for long, and takes its subscription up again when it reconnects. */
export function redisSubscriber(location: RedisLocation, name: string): RedisClient {
  const client = redisClient(location, name);
  if (client instanceof Redis) delete client.options.commandTimeout;
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
  return new LastingRedis({
    ...options,
    sentinels: [...(location.sentinels ?? [])],
    name: location.sentinelName ?? 'mymaster',
    sentinelRetryStrategy: reconnectDelayMs,
    sentinelCommandTimeout: 1_000,
    failoverDetector: true,
    ...(options.tls ? { enableTLSForSentinelMode: true, sentinelTLS: options.tls } : {}),
  }).lasting();
}

function credentials({ username, password, ca, tls }: RedisLocation): CommonOptions {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls || ca !== undefined ? { tls: ca === undefined ? {} : { ca } } : {}),
  };
}
