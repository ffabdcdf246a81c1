import type { Host } from '../telemetry/host.js';
import type { RedisSettings } from './prepare-redis.js';
import { redisClient, redisSubscriber, type RedisLocation } from './redis-client.js';
import { RedisLink, type RedisClient } from './redis-link.js';
import type { RecordMac } from './record-mac.js';
import type { RedisNames } from './redis-names.js';

/** How this process is called in `CLIENT LIST`. */
const CONNECTION_NAME = 'assay';

/** The connections of one process. They open in the background and open again by themselves: nothing waits for Redis. */
export class RedisConnections {
  /** Where everything is decided. */
  readonly primary: RedisLink;
  /** A read replica that is nearer, where there is one. */
  readonly reader: RedisLink | undefined;

  constructor(
    private readonly settings: RedisSettings,
    private readonly host: Pick<Host, 'clock' | 'logger' | 'metrics'>,
  ) {
    this.primary = this.link(settings.primary, 'primary');
    this.reader = settings.reader && this.link(settings.reader, 'reader');
    host.metrics.watch(['assay_jwks_redis_breaker'], (observe) => {
      for (const [role, link] of Object.entries({ primary: this.primary, reader: this.reader })) {
        if (link) observe('assay_jwks_redis_breaker', Number(link.breakerState !== 'closed'), { role });
      }
    });
  }

  /** Begins to connect. */
  open(): void {
    this.primary.open();
    this.reader?.open();
  }

  /** A client for one subscription to the server that is nearest: neither connected nor closed here. */
  subscriber(): RedisClient {
    return redisSubscriber(this.settings.reader ?? this.settings.primary, CONNECTION_NAME);
  }

  async close(): Promise<void> {
    await Promise.all([this.primary.close(), this.reader?.close()]);
  }

  private link(location: RedisLocation, role: 'primary' | 'reader'): RedisLink {
    const { clock, logger, metrics } = this.host;
    const client = redisClient(location, CONNECTION_NAME);
    // Every failed attempt is an event; the breaker reports when that begins to matter, and when it is over.
    client.on('error', (error: Error) => {
      logger.debug({ role, error: error.name }, 'connection to Redis failed');
    });
    return new RedisLink(client, clock, {
      breaker: (isOpen) => {
        if (isOpen) logger.warn({ role }, 'Redis does not answer; this replica goes on without it');
        else logger.info({ role }, 'Redis answers again');
      },
      operation: (op, tookMs, isAnswered) => {
        metrics.measure('assay_jwks_redis_op_seconds', tookMs / 1_000, { op, result: isAnswered ? 'ok' : 'error' });
      },
    });
  }
}

/** Where the replicas of one region meet. */
export interface SharedRedis {
  readonly connections: RedisConnections;
  /** Seals and checks what replicas keep there. */
  readonly mac: RecordMac;
  /** How it is called what they keep there. */
  readonly names: RedisNames;
  /** Name of the region; empty where it has none. */
  readonly region: string;
}
