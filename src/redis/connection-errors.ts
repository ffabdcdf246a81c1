import { Cluster } from 'ioredis';
import type { Clock } from '../shared/clock.js';
import { probeServer } from './probe-server.js';
import { speaksTls } from './redis-client.js';
import { tlsOptions } from './redis-credentials.js';
import { failureOf } from './redis-failure.js';
import type { RedisClient } from './redis-link.js';
import type { RedisLocation, RedisNode } from './redis-location.js';

/** Between two connections that are made only to learn why others fail. */
const PROBE_SPACING_MS = 5_000;

/** Calls `report` with every error of the client's connections: those to servers, and those to Sentinels. */
export function watchConnectionErrors(
  client: RedisClient,
  location: RedisLocation,
  clock: Clock,
  report: (error: unknown) => void,
): void {
  const probe = new Probe(location, clock, report);
  client.on('error', report);
  if (client instanceof Cluster) {
    client.on('node error', (error: unknown, address: string) => {
      report(error);
      if (failureOf(error) === 'closed') probe.ask([nodeAt(address)], speaksTls(location));
    });
  } else if (location.sentinels) {
    const { sentinels, sentinelTls = speaksTls(location) } = location;
    client.on('sentinelError', (error: unknown) => {
      report(error);
      if (failureOf(error) === 'closed') probe.ask(sentinels, sentinelTls);
    });
  }
}

/** Learns why servers cannot be reached, where the client does not say. */
class Probe {
  private isRunning = false;
  private nextAtMs = 0;

  constructor(
    private readonly location: RedisLocation,
    private readonly clock: Clock,
    private readonly report: (error: unknown) => void,
  ) {}

  ask(nodes: readonly RedisNode[], isTls: boolean): void {
    if (this.isRunning || this.clock.monoMs() < this.nextAtMs) return;
    this.isRunning = true;
    void this.firstError(nodes, isTls).then((error) => {
      this.isRunning = false;
      this.nextAtMs = this.clock.monoMs() + PROBE_SPACING_MS;
      if (error) this.report(error);
    });
  }

  private async firstError(nodes: readonly RedisNode[], isTls: boolean): Promise<Error | undefined> {
    const tls = isTls ? tlsOptions(this.location) : undefined;
    for (const node of nodes) {
      const error = await probeServer(node, tls);
      if (error) return error;
    }
    return undefined;
  }
}

/** @param address such as `10.0.0.7:6379`, or `::1:6379` */
function nodeAt(address: string): RedisNode {
  const end = address.lastIndexOf(':');
  return { host: address.slice(0, end), port: Number(address.slice(end + 1)) };
}
