import { Redis } from 'ioredis';
import { vi } from 'vitest';
import type { RedisLocation } from '../../src/redis/redis-location.js';
import { RedisServer } from './redis-server.js';

const NAME = 'mymaster';
const waiting = { timeout: 20_000, interval: 50 };

/** A primary, its replica and three Sentinels: real processes, ready to fail over within about two seconds. */
export class SentinelGroup {
  private constructor(
    readonly primary: RedisServer,
    readonly replica: RedisServer,
    private readonly sentinels: readonly RedisServer[],
  ) {}

  static async start(): Promise<SentinelGroup> {
    const primary = await RedisServer.start();
    const replica = await RedisServer.start([`replicaof 127.0.0.1 ${primary.port}`, 'repl-diskless-sync-delay 0']);
    const settings = [
      `sentinel monitor ${NAME} 127.0.0.1 ${primary.port} 2`,
      `sentinel down-after-milliseconds ${NAME} 500`,
      `sentinel failover-timeout ${NAME} 3000`,
    ];
    const sentinels = await Promise.all([1, 2, 3].map(() => RedisServer.startSentinel(settings)));
    const group = new SentinelGroup(primary, replica, sentinels);
    await group.isComplete();
    return group;
  }

  get location(): RedisLocation {
    return { sentinels: this.sentinels.map(({ port }) => ({ host: '127.0.0.1', port })), sentinelName: NAME };
  }

  /** From now on the replica gets nothing of what the primary takes: a failover loses it. */
  async stopReplicating(): Promise<void> {
    const client = this.primary.client();
    await client.call('ACL', 'SETUSER', 'default', '-psync', '-sync');
    await client.call('CLIENT', 'KILL', 'TYPE', 'replica');
    client.disconnect();
  }

  /** Kills the primary. Resolves when every Sentinel names the former replica. */
  async failOver(): Promise<void> {
    await this.primary.kill();
    await this.everySentinel(async (sentinel) => {
      const address = (await sentinel.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME)) as readonly string[];
      if (Number(address[1]) !== this.replica.port) throw new Error('the Sentinels have not agreed yet');
    });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.sentinels, this.primary, this.replica].map((server) => server.stop()));
  }

  private isComplete(): Promise<void> {
    return this.everySentinel(async (sentinel) => {
      const fields = (await sentinel.call('SENTINEL', 'MASTER', NAME)) as readonly string[];
      const of = (name: string): string | undefined => fields[fields.indexOf(name) + 1];
      const isComplete = of('num-slaves') === '1' && of('num-other-sentinels') === '2' && of('flags') === 'master';
      if (!isComplete) throw new Error('the Sentinels do not know each other yet');
    });
  }

  private async everySentinel(check: (sentinel: Redis) => Promise<void>): Promise<void> {
    for (const { url } of this.sentinels) {
      const client = new Redis(url);
      await vi.waitFor(() => check(client), waiting);
      client.disconnect();
    }
  }
}
