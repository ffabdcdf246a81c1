import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RedisUnavailable, type RedisLink } from '../../src/redis/redis-link.js';
import { TcpProxy } from '../e2e/faults/support/tcp-proxy.js';
import { eventually } from '../fakes/eventually.js';
import { connectedLink } from './a-redis-key-store.js';
import { RedisServer } from './redis-server.js';

describe('a connection that something on the way has forgotten', () => {
  let server: RedisServer;
  let proxy: TcpProxy;
  let link: RedisLink;

  beforeEach(async () => {
    server = await RedisServer.start();
    proxy = await TcpProxy.start(server.port);
    link = await connectedLink({ url: proxy.url });
  });

  afterEach(async () => {
    await link.close();
    await proxy.stop();
    await server.stop();
  });

  const ask = () => link.run('load', (client) => client.get('anything')).catch((error: unknown) => error);

  it('is given up, and another one is opened: nothing ends the first for a quarter of an hour', async () => {
    expect(await ask()).toBeNull();
    proxy.forgetConnections();
    expect(await ask()).toBeInstanceOf(RedisUnavailable);
    await eventually(
      async () => (await ask()) === null,
      () => 'it never came back',
      20_000,
    );
  });
});
