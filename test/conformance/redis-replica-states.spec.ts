import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RedisReplicaStates } from '../../src/admin/redis-replica-states.js';
import { LONGEST_STATE, MOST_DENIALS, MOST_ISSUERS, MOST_REPLICAS } from '../../src/admin/replica-states.js';
import type { RedisLink } from '../../src/redis/redis-link.js';
import { connectedLink, testNames } from '../redis/a-redis-key-store.js';
import { RedisServer } from '../redis/redis-server.js';
import { aState, HOUR_MS, replicaStatesConformance, issuerState } from './replica-states.js';

const SEEN = testNames.in('replicas', 'seen');
const REACH = testNames.in('replicas', 'reach');
const STATES = testNames.in('replicas', 'states');

describe('RedisReplicaStates', () => {
  let server: RedisServer;
  let link: RedisLink;
  let states: RedisReplicaStates;

  beforeAll(async () => {
    server = await RedisServer.start();
    link = await connectedLink({ url: server.url });
    states = new RedisReplicaStates(link, testNames);
  });

  beforeEach(async () => {
    await link.client.flushall();
  });

  afterAll(async () => {
    await link.close();
    await server.stop();
  });

  replicaStatesConformance(async () => ({
    states,
    other: new RedisReplicaStates(link, testNames),
    // The time is that of Redis: what was told becomes older instead.
    advance: async (ms) => {
      for (const replica of await link.client.zrange(SEEN, '0', '-1')) await link.client.zincrby(SEEN, -ms, replica);
    },
  }));

  const told = async (replica: string, text: string | Buffer): Promise<void> => {
    await states.report(aState(replica), HOUR_MS);
    await link.client.hset(STATES, replica, text);
  };

  it('names replicas and their regions without all that they report', async () => {
    await states.report(aState('one'), HOUR_MS);
    const [named] = (await states.all('names')).replicas;
    expect(named).toMatchObject({ replica: 'one', region: 'eu', denials: undefined, issuers: new Map() });
    await link.client.hset(REACH, 'one', '{"denials":[],"region":"eu"}');
    expect((await states.all('names')).replicas).toMatchObject([{ replica: 'one', region: '' }]);
  });

  it.each([
    ['no JSON', 'garbage'],
    ['no object', '[]'],
    ['bytes that are no text', Buffer.from([0xff])],
    ['more than any replica tells', `{"corp":${' '.repeat(LONGEST_STATE)}{}}`],
  ])('a state that is %s is not shown', async (_, text) => {
    await told('bad', text);
    await states.report(aState('good'), HOUR_MS);
    expect((await states.all()).replicas.map(({ replica }) => replica)).toEqual(['good']);
  });

  it.each([
    ['a state that there is not', { ...issuerState, state: 'FINE' }],
    ['a digest that is a page', { ...issuerState, digest: '<script>' }],
    ['an age below nothing', { ...issuerState, ageMs: -1 }],
    ['an age that is a text', { ...issuerState, ageMs: '5' }],
    ['a time beyond all dates', { ...issuerState, nextLookInMs: 1e300 }],
    ['an error that there is not', { ...issuerState, lastFailure: { category: 'lies', atMs: 0 } }],
    ['no state', 'FRESH'],
  ])('of an issuer, %s is not shown', async (_, about) => {
    await told('one', JSON.stringify({ corp: about, shop: issuerState, '<b>': issuerState }));
    const [seen] = (await states.all()).replicas;
    expect([...seen!.issuers.keys()]).toEqual(['shop']);
  });

  it('a name that no replica has is not shown', async () => {
    await told('<script>', '{}');
    expect((await states.all()).replicas).toEqual([]);
  });

  it('something else in their place is replaced', async () => {
    await link.client.set(SEEN, 'a text');
    await link.client.set(STATES, 'a text');
    expect((await states.all()).replicas).toEqual([]);
    await states.report(aState('one'), HOUR_MS);
    expect((await states.all()).replicas).toMatchObject([aState('one')]);
  });

  it('a replica of which nothing can be read is counted', async () => {
    await told('bad', 'garbage');
    expect(await states.all()).toEqual({ replicas: [], more: 1 });
  });

  it.each([
    ['nothing', ''],
    ['no list', '{"region":"eu","denials":"all"}'],
    ['more than any replica names', JSON.stringify({ denials: Array(MOST_DENIALS + 1).fill('a'.repeat(22)) })],
  ])('what is in force is not known where a replica says %s', async (_, text) => {
    await states.report(aState('one'), HOUR_MS);
    await link.client.hset(REACH, 'one', text);
    expect((await states.all()).replicas).toMatchObject([{ replica: 'one', denials: undefined }]);
  });

  it('states of so many replicas are kept, and the others are counted', async () => {
    for (let i = 0; i < MOST_REPLICAS + 5; i++) await states.report(aState(`r${i}`), HOUR_MS);
    const { replicas, more } = await states.all();
    expect([replicas.length, more, await link.client.hlen(STATES)]).toEqual([MOST_REPLICAS, 5, MOST_REPLICAS]);
  });

  it('a replica that was seen by a clock since set back is seen now', async () => {
    await states.report(aState('one'), HOUR_MS);
    await link.client.zincrby(SEEN, 1e9, 'one');
    await states.report(aState('two'), HOUR_MS);
    expect(Number(await link.client.zscore(SEEN, 'one'))).toBeLessThanOrEqual(
      Number(await link.client.zscore(SEEN, 'two')),
    );
  });

  it('nothing stays when all are gone', async () => {
    await states.report(aState('one'), HOUR_MS);
    expect(await link.client.pttl(SEEN)).toBeGreaterThan(0);
    expect(await link.client.pttl(STATES)).toBeGreaterThan(0);
  });

  it('a replica tells of so many issuers that others read it', async () => {
    const many = Array.from({ length: 3 * MOST_ISSUERS }, (_, i) => [`issuer-${i}`, issuerState] as const);
    await states.report({ replica: 'one', issuers: new Map(many), region: '', denials: new Set() }, HOUR_MS);
    const [seen] = (await states.all()).replicas;
    expect(seen!.issuers.size).toBe(MOST_ISSUERS);
  });
});
