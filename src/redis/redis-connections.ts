import type { Host } from '../telemetry/host.js';
import type { SpanAttributes } from '../telemetry/tracing/tracing.js';
import type { RedisSettings } from './prepare-redis.js';
import { watchConnectionErrors } from './connection-errors.js';
import { redisClient, redisSubscriber } from './redis-client.js';
import { authenticateAgain } from './redis-credentials.js';
import { RedisFailures } from './redis-failures.js';
import { RedisLink, type RedisClient } from './redis-link.js';
import type { RedisLocation } from './redis-location.js';
import type { RecordMac } from './record-mac.js';
import type { RedisNames } from './redis-names.js';

/** Where Redis listens unless it is told otherwise. */
const USUAL_PORT = 6_379;

/** How this process is called in `CLIENT LIST`. */
const CONNECTION_NAME = 'assay';

/** The connections of one process. They open in the background and open again by themselves: nothing waits for Redis. */
export class RedisConnections {
  /** Where everything is decided. */
  readonly primary: RedisLink;
  /** A read replica that is nearer, where there is one. */
  readonly reader: RedisLink | undefined;
  private readonly roles: { readonly client: RedisClient; readonly failures: RedisFailures }[] = [];
  /** Those that have a connection now. */
  private readonly subscribers = new Set<RedisClient>();

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
    const client = redisSubscriber(this.settings.reader ?? this.settings.primary, CONNECTION_NAME);
    client.on('ready', () => this.subscribers.add(client));
    client.on('end', () => this.subscribers.delete(client));
    return client;
  }

  /**
   * Presents the passwords of now on the connections that are open, so that no server has to close one because the password that
   * it was given has run out. To be called when a file with a password may have changed.
   */
  async authenticateAgain(): Promise<void> {
    await Promise.all(
      this.roles.map(({ client, failures }) => authenticateAgain(client).catch(failures.commandFailed)),
    );
    // What a server thinks of the password has been said.
    await Promise.all([...this.subscribers].map((client) => authenticateAgain(client).catch(() => undefined)));
  }

  async close(): Promise<void> {
    await Promise.all([this.primary.close(), this.reader?.close()]);
  }

  private link(location: RedisLocation, role: 'primary' | 'reader'): RedisLink {
    const { clock, metrics } = this.host;
    const client = redisClient(location, CONNECTION_NAME);
    const failures = new RedisFailures(role, this.host);
    watchConnectionErrors(client, location, clock, failures.connectionFailed);
    client.on('ready', failures.connected);
    this.roles.push({ client, failures });
    return new RedisLink(client, clock, {
      server: serverAttributes(location),
      breaker: failures.givenUp,
      failed: failures.commandFailed,
      operation: (op, tookMs, isAnswered) => {
        metrics.measure('assay_jwks_redis_op_seconds', tookMs / 1_000, { op, result: isAnswered ? 'ok' : 'error' });
      },
    });
  }
}

/** By the names of OpenTelemetry. Of several servers it is not known which one a command will reach. */
function serverAttributes({ url }: RedisLocation): SpanAttributes {
  if (url === undefined || !URL.canParse(url)) return {};
  const { hostname, port } = new URL(url);
  return { 'server.address': hostname, 'server.port': port === '' ? USUAL_PORT : Number(port) };
}

/** Where the replicas of one region meet. */
export interface SharedRedis {
  readonly connections: RedisConnections;
  /** Seals and checks what replicas keep there. */
  readonly mac: RecordMac;
  /** The names under which they keep it. */
  readonly names: RedisNames;
  /** Name of the region; empty where it has none. */
  readonly region: string;
}
