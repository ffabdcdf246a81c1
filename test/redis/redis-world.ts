import type { Redis } from 'ioredis';
import { RecordMac, type RecordKey } from '../../src/redis/record-mac.js';
import { StoreProbe } from '../conformance/key-store-probe.js';
import type { RedisLink } from '../../src/redis/redis-link.js';
import { aRedisKeyStore, connectedLink, CollectedKeyEvents, StoreTime, testRecordKey } from './a-redis-key-store.js';
import { RedisServer } from './redis-server.js';

/** A real Redis, a hand that writes into it past all stores, and replicas over it. */
export class RedisWorld {
  time = new StoreTime();
  events = new CollectedKeyEvents();

  private constructor(
    readonly server: RedisServer,
    readonly link: RedisLink,
    readonly hand: Redis,
  ) {}

  static async start(): Promise<RedisWorld> {
    const server = await RedisServer.start();
    return new RedisWorld(server, await connectedLink({ url: server.url }), server.client());
  }

  /** Everything from the beginning, but for the process. */
  async reset(): Promise<void> {
    await this.hand.flushall();
    this.time = new StoreTime();
    this.events = new CollectedKeyEvents();
  }

  /** A replica that remembers nothing. */
  replica(keys: readonly RecordKey[] = [testRecordKey], environment = 'https://assay.example'): StoreProbe {
    const { time, events } = this;
    const mac = new RecordMac(environment, keys);
    const store = aRedisKeyStore(this.link, { nowMs: time.now, onRefused: events.refused, mac });
    return new StoreProbe({ store, advance: time.advance });
  }

  async stop(): Promise<void> {
    this.hand.disconnect();
    await this.link.close();
    await this.server.stop();
  }
}
