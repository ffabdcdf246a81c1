import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RedisLink } from '../../src/redis/redis-link.js';
import { RedisNames } from '../../src/redis/redis-names.js';
import { aCaller, basic, Reception } from '../callers/reception.js';
import { connectedLink } from './a-redis-key-store.js';
import { RedisServer } from './redis-server.js';

const weak = 'correct-horse-battery-staple';
const strong = 'Wq7Zt3Lm9XcVb5NhPf4Gs8Rd1JkQm6Bz';
const names = new RedisNames('https://assay.example');
const guesses = 100_000;
const sources = 1_000;

describe('a weak secret that is guessed at, at three replicas', () => {
  let server: RedisServer;
  const links: RedisLink[] = [];
  let replicas: readonly Reception[];

  beforeAll(async () => {
    server = await RedisServer.start();
    for (let i = 0; i < 3; i++) links.push(await connectedLink({ url: server.url }));
  });

  afterAll(async () => {
    for (const link of links) await link.close();
    await server.stop();
  });

  beforeEach(async () => {
    const hand = server.client();
    await hand.flushall();
    hand.disconnect();
    const callers = [
      aCaller({ id: 'weak', secrets: [weak] }),
      aCaller({ id: 'rotating', secrets: [strong, weak] }),
      aCaller({ id: 'strong', secrets: [strong] }),
    ];
    replicas = links.map((link) => new Reception(callers, [], {}, { link, names }));
  });

  async function isRight(replica: Reception, id: string, secret: string, source: string): Promise<boolean> {
    return replica.authenticate({ ...basic(id, secret), source }).then(
      () => true,
      () => false,
    );
  }

  /** Whether the right one is found, when it is tried last. */
  async function isFound(id: string): Promise<boolean> {
    for (let i = 0; i < guesses; i++) {
      const secret = i < guesses - 3 ? `guess-${i}` : weak;
      const source = `10.1.${(i % sources) >> 8}.${i & 255}`;
      if (await isRight(replicas[i % 3]!, id, secret, source)) return true;
    }
    return false;
  }

  it('I-02 is not found by a hundred thousand guesses from a thousand sources', async () => {
    expect(await isFound('weak')).toBe(false);
    // Strangers have locked it out: that is what a weak secret costs. Nobody else notices.
    expect(await isRight(replicas[0]!, 'weak', weak, '198.51.100.1')).toBe(false);
    expect(await isRight(replicas[0]!, 'strong', strong, '198.51.100.1')).toBe(true);
  }, 300_000);

  it('I-02 does not take the strong one beside it along', async () => {
    for (let i = 0; i < 300; i++) await isRight(replicas[i % 3]!, 'rotating', `guess-${i}`, '192.0.2.1');
    for (const replica of replicas) {
      expect(await isRight(replica, 'rotating', weak, '198.51.100.1')).toBe(false);
      expect(await isRight(replica, 'rotating', strong, '198.51.100.1')).toBe(true);
    }
  });

  it('I-02 costs all replicas together one burst, wherever each guess went', async () => {
    let judged = 0;
    for (let i = 0; i < 300; i++) {
      const refusal = await replicas[i % 3]!.refusal({ ...basic('weak', `guess-${i}`), source: `192.0.2.${i % 250}` });
      if (refusal.status === 401) judged++;
    }
    process.stdout.write(`of 300 guesses at one weak secret, at three replicas, ${judged} were judged\n`);
    expect(judged).toBe(60);
  });

  it('is accepted at once at every replica while nobody guesses', async () => {
    for (const replica of replicas) expect(await isRight(replica, 'weak', weak, '198.51.100.1')).toBe(true);
  });
});
