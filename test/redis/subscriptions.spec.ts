import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { redisSubscriber } from '../../src/redis/redis-client.js';
import { eventually } from '../fakes/eventually.js';
import { RedisServer } from './redis-server.js';

let server: RedisServer;
let admin: Redis;

beforeAll(async () => {
  server = await RedisServer.start();
  admin = server.client();
});

afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

const subscriptions = async (): Promise<number> =>
  Number(/cmdstat_subscribe:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1] ?? 0);

it('are taken up again once, by who holds them: the library would do it too, and nobody would hear that it failed', async () => {
  const subscriber = redisSubscriber({ url: `redis://127.0.0.1:${server.port}` }, 'listener') as Redis;
  const heard: string[] = [];
  subscriber.on('error', () => undefined);
  subscriber.on('ready', () => void subscriber.subscribe('news').catch(() => undefined));
  subscriber.on('message', (_channel, message) => heard.push(message));
  await subscriber.connect();
  await eventually(async () => (await subscriptions()) === 1);
  await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await eventually(async () => (await admin.publish('news', 'again')) === 1 && heard.includes('again'));
  expect(await subscriptions()).toBe(2);
  subscriber.disconnect();
});
