import type { Redis } from 'ioredis';
import { vi } from 'vitest';
import type { RedisLocation } from '../../src/redis/redis-location.js';
import { freePort } from '../fakes/free-port.js';
import { RedisCluster } from './redis-cluster.js';
import { RedisServer } from './redis-server.js';
import { TlsFiles } from './tls-files.js';

const waiting = { timeout: 20_000, interval: 50 };
const USER = 'assay';

/**
 * Redis as people rent it: TLS that wants a client certificate, a user with a password that changes. The test's own hand goes
 * another way: a port without TLS, as a user without a password.
 */
export class RentedRedis {
  private constructor(
    readonly files: TlsFiles,
    /** Where it is, without the password, which is in a file. */
    private readonly place: RedisLocation,
    /** The servers with data. */
    readonly servers: readonly RedisServer[],
    private readonly sentinels: readonly RedisServer[] = [],
  ) {}

  static async standalone(): Promise<RentedRedis> {
    const files = await TlsFiles.make();
    const tlsPort = await freePort();
    const server = await RedisServer.start([...files.demanding, `tls-port ${tlsPort}`]);
    return RentedRedis.ready(new RentedRedis(files, { url: `rediss://${USER}@127.0.0.1:${tlsPort}` }, [server]));
  }

  static async cluster(): Promise<RentedRedis> {
    const files = await TlsFiles.make();
    const cluster = await RedisCluster.start(files.demanding);
    const place = { ...cluster.location, tls: true, username: USER };
    return RentedRedis.ready(new RentedRedis(files, place, cluster.masters));
  }

  /** A primary and one Sentinel, which has a user and a password of its own. */
  static async sentinel(): Promise<RentedRedis> {
    const files = await TlsFiles.make();
    const [tlsPort, sentinelPort] = [await freePort(), await freePort()];
    const tls = [...files.demanding, 'tls-replication yes'];
    const server = await RedisServer.start([...tls, `tls-port ${tlsPort}`]);
    const monitor = `sentinel monitor mymaster 127.0.0.1 ${tlsPort} 1`;
    const sentinel = await RedisServer.startSentinel([...tls, `tls-port ${sentinelPort}`, monitor]);
    const place = {
      sentinels: [{ host: '127.0.0.1', port: sentinelPort }],
      sentinelName: 'mymaster',
      tls: true,
      username: USER,
      sentinelUsername: USER,
    };
    return RentedRedis.ready(new RentedRedis(files, place, [server], [sentinel]));
  }

  /** Where it is, as the configuration says it, with what is in the files now. */
  get location(): RedisLocation {
    const { files, place } = this;
    const sentinelPassword = files.file('sentinel-password');
    return {
      ...place,
      ...files.client,
      password: files.file('password'),
      ...(place.sentinels ? { sentinelPassword } : {}),
    };
  }

  /** The same with other members. */
  with(others: RedisLocation): RedisLocation {
    return { ...this.location, ...others };
  }

  /** From now on this is the only password, in Redis and in the file. Connections stay. */
  async changePassword(password: string): Promise<void> {
    await this.onEach(this.servers, (hand) => setPassword(hand, password));
    await this.files.write('password', `${password}\n`);
  }

  async changeSentinelPassword(password: string): Promise<void> {
    await this.onEach(this.sentinels, (hand) => setPassword(hand, password));
    await this.files.write('sentinel-password', password);
  }

  /** Closes the connections of the user. @returns how many there were */
  async closeConnections(): Promise<number> {
    const closed = await this.onEach(this.servers, (hand) => hand.call('CLIENT', 'KILL', 'USER', USER));
    return closed.reduce<number>((sum, each) => sum + Number(each), 0);
  }

  /** What each server with data answers to a command. */
  ask(...command: readonly [string, ...string[]]): Promise<readonly unknown[]> {
    return this.onEach(this.servers, (hand) => hand.call(...(command as [string, ...string[]])));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.sentinels, ...this.servers].map((server) => server.stop()));
    await this.files.remove();
  }

  private static async ready(rented: RentedRedis): Promise<RentedRedis> {
    await rented.changePassword('first-password');
    await rented.changeSentinelPassword('first-of-sentinel');
    await rented.onEach(rented.sentinels, (hand) =>
      vi.waitFor(async () => {
        const fields = (await hand.call('SENTINEL', 'MASTER', 'mymaster')) as readonly string[];
        if (fields[fields.indexOf('flags') + 1] !== 'master')
          throw new Error('the Sentinel does not see its primary yet');
      }, waiting),
    );
    return rented;
  }

  private async onEach<T>(servers: readonly RedisServer[], act: (hand: Redis) => Promise<T>): Promise<T[]> {
    return Promise.all(
      servers.map(async (server) => {
        const hand = server.client();
        try {
          return await act(hand);
        } finally {
          hand.disconnect();
        }
      }),
    );
  }
}

function setPassword(hand: Redis, password: string): Promise<unknown> {
  return hand.call('ACL', 'SETUSER', USER, 'reset', 'on', `>${password}`, '~*', '&*', '+@all');
}
