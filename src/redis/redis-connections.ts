import type { Clock } from '../shared/clock.js';
import type { Logger } from '../telemetry/logger.js';
import type { RedisSettings } from './prepare-redis.js';
import { redisClient, redisSubscriber, type RedisLocation } from './redis-client.js';
import { RedisLink, type RedisClient } from './redis-link.js';

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
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.primary = this.link(settings.primary, 'primary');
    this.reader = settings.reader && this.link(settings.reader, 'reader');
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
    const client = redisClient(location, CONNECTION_NAME);
    // Every failed attempt is an event; the breaker tells when it begins to matter, and when it is over.
    client.on('error', (error: Error) => {
      this.logger.debug({ role, error: error.name }, 'connection to Redis failed');
    });
    return new RedisLink(client, this.clock, (isOpen) => {
      if (isOpen) this.logger.warn({ role }, 'Redis does not answer; this replica goes on without it');
      else this.logger.info({ role }, 'Redis answers again');
    });
  }
}
