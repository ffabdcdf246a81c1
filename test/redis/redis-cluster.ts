import { Redis } from 'ioredis';
import { vi } from 'vitest';
import type { RedisLocation } from '../../src/redis/redis-location.js';
import { freePort } from '../fakes/free-port.js';
import { RedisServer } from './redis-server.js';

const SLOTS = 16_384;
const waiting = { timeout: 20_000, interval: 50 };

/** A cluster of three masters: real processes. */
export class RedisCluster {
  private constructor(
    readonly masters: readonly RedisServer[],
    /** Where each is met by the others and by clients: with TLS, another port than that of the test's own hand. */
    private readonly ports: readonly number[],
  ) {}

  /** @param tls lines of `redis.conf` for TLS; absent: none is spoken */
  static async start(tls?: readonly string[]): Promise<RedisCluster> {
    const tlsPorts = tls && (await Promise.all([0, 1, 2].map(() => freePort())));
    const settings = (i: number) => (tls ? [...tls, `tls-port ${tlsPorts?.[i]}`, 'tls-cluster yes'] : []);
    const masters = await Promise.all([0, 1, 2].map((i) => startMaster(settings(i))));
    const cluster = new RedisCluster(masters, tlsPorts ?? masters.map(({ port }) => port));
    await cluster.meet();
    return cluster;
  }

  get location(): RedisLocation {
    return { cluster: this.ports.map((port) => ({ host: '127.0.0.1', port })) };
  }

  /** Moves the slot of `key`, with all that is in it, to another master. */
  async move(key: string): Promise<void> {
    const clients = this.masters.map((master) => master.client());
    const slot = Number(await clients[0]!.call('CLUSTER', 'KEYSLOT', key));
    const ids = await Promise.all(clients.map((client) => client.call('CLUSTER', 'MYID') as Promise<string>));
    const from = Math.floor((slot * 3) / SLOTS);
    const to = (from + 1) % 3;
    await clients[to]!.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', ids[from]!);
    await clients[from]!.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', ids[to]!);
    const keys = (await clients[from]!.call('CLUSTER', 'GETKEYSINSLOT', slot, 1_000)) as string[];
    const port = this.masters[to]!.port;
    if (keys.length > 0) await clients[from]!.call('MIGRATE', '127.0.0.1', port, '', 0, 5_000, 'KEYS', ...keys);
    for (const i of [to, from]) await clients[i]!.call('CLUSTER', 'SETSLOT', slot, 'NODE', ids[to]!);
    for (const client of clients) client.disconnect();
  }

  async stop(): Promise<void> {
    await Promise.all(this.masters.map((master) => master.stop()));
  }

  private async meet(): Promise<void> {
    const clients = this.masters.map((master) => master.client());
    for (const [i, client] of clients.entries()) {
      const [first, end] = [Math.ceil((i * SLOTS) / 3), Math.ceil(((i + 1) * SLOTS) / 3)];
      await client.call('CLUSTER', 'ADDSLOTSRANGE', first, end - 1);
      await client.call('CLUSTER', 'SET-CONFIG-EPOCH', i + 1);
    }
    const bus = await this.busPort(clients[0]!);
    for (const client of clients.slice(1)) {
      await client.call('CLUSTER', 'MEET', '127.0.0.1', this.ports[0]!, bus);
    }
    for (const client of clients) await vi.waitFor(() => isWhole(client), waiting);
    for (const client of clients) client.disconnect();
  }

  private async busPort(client: Redis): Promise<number> {
    const [, port] = (await client.call('CONFIG', 'GET', 'cluster-port')) as string[];
    return Number(port);
  }
}

async function startMaster(further: readonly string[]): Promise<RedisServer> {
  // The usual port of the bus is 10,000 above the other, and may be none at all.
  const settings = ['cluster-enabled yes', 'cluster-node-timeout 2000', `cluster-port ${await freePort()}`, ...further];
  return RedisServer.start(settings);
}

async function isWhole(client: Redis): Promise<void> {
  const info = (await client.call('CLUSTER', 'INFO')) as string;
  const isReady = info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3');
  if (!isReady) throw new Error('the cluster is not whole yet');
}
