import { createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../fakes/free-port.js';
import { RedisServer } from '../redis/redis-server.js';
import { environment, OnlineWorld, registered, type Row, type Section } from './support/online-world.js';

describe('assay check --online, of Redis', () => {
  let world: OnlineWorld;

  beforeEach(async () => {
    world = await OnlineWorld.create();
  });

  afterEach(async () => {
    await world.end();
  });

  const recordKeys = [{ id: 'k1', secret: '${env:RECORD_KEY}' }];

  async function redisRows(redis: Section): Promise<readonly Row[]> {
    await world.configure([registered('corp', await world.issuer())], { redis: { recordKeys, ...redis } });
    return (await world.rows()).filter(({ kind }) => kind === 'redis');
  }

  it('says that it answers, in its own and in a nearer server', async () => {
    const server = await RedisServer.start();
    world.ends(server);
    expect(await redisRows({ url: server.url, readUrl: server.url })).toMatchObject([
      { id: 'primary', result: 'good', found: 'answers, and has our time' },
      { id: 'reader', result: 'good' },
    ]);
  });

  it('tells a wrong password from one that is right, and prints neither', async () => {
    const server = await RedisServer.start([`user assay on >${environment.REDIS_PASSWORD} ~assay:* &* +@all`]);
    world.ends(server);
    const [host, port] = ['127.0.0.1', server.port];
    expect(await redisRows({ url: `redis://assay:\${env:REDIS_PASSWORD}@${host}:${port}` })).toMatchObject([
      { result: 'good' },
    ]);
    const [row] = await redisRows({ url: `redis://assay:\${env:SECRET}@${host}:${port}` });
    expect(row).toMatchObject({
      result: 'failed',
      found: 'Redis does not accept our user or password',
      remedy: expect.stringContaining('redis.passwordFile'),
      facts: { reason: 'password' },
    });
    const { stdout, stderr } = await world.check();
    for (const secret of Object.values(environment)) expect(stdout + stderr).not.toContain(secret);
  });

  it('names a user without the rights that are needed', async () => {
    const server = await RedisServer.start([`user assay on >pass-word ~assay:* &* -@all +ping +info +client|setname`]);
    world.ends(server);
    expect(await redisRows({ url: `redis://assay:pass-word@127.0.0.1:${server.port}` })).toMatchObject([
      { result: 'failed', facts: { reason: 'permission' } },
    ]);
  });

  it('says of one that nobody listens at, and of one that is silent, what they are, in time', async () => {
    const silent = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve));
    const sockets: Socket[] = [];
    silent.on('connection', (socket) => sockets.push(socket));
    world.ends({
      stop: async () => {
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => silent.close(resolve));
      },
    });
    expect(await redisRows({ url: `redis://127.0.0.1:${await freePort()}` })).toMatchObject([
      { result: 'failed', facts: { reason: 'refused' } },
    ]);
    const beganMs = performance.now();
    expect(await redisRows({ url: `redis://127.0.0.1:${port}` })).toMatchObject([
      { result: 'failed', facts: { reason: 'timeout' } },
    ]);
    expect(performance.now() - beganMs).toBeLessThan(8_000);
  }, 20_000);

  it('refuses a read replica in the place of the primary', async () => {
    const primary = await RedisServer.start();
    const replica = await RedisServer.start([`replicaof 127.0.0.1 ${primary.port}`]);
    world.ends(primary);
    world.ends(replica);
    const found = await redisRows({ url: replica.url });
    expect(found).toMatchObject([{ result: 'failed', facts: { reason: 'topology' } }]);
  });
});
