import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RecordMac } from '../../src/redis/record-mac.js';
import { RedisUnavailable, type RedisLink } from '../../src/redis/redis-link.js';
import { DENIED_KEYS, RedisDeniedKeys, type RedisDeniedKeysParts } from '../../src/revocation/redis-denied-keys.js';
import { subjectOf } from '../../src/revocation/key-decision.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { connectedLink, CollectedKeyEvents, testRecordKey } from '../redis/a-redis-key-store.js';
import { RedisServer } from '../redis/redis-server.js';
import { aDecision, deniedKeysConformance } from './denied-keys.js';

describe('RedisDeniedKeys', () => {
  let server: RedisServer;
  let link: RedisLink;
  const clock = new FakeClock();

  beforeAll(async () => {
    server = await RedisServer.start();
    link = await connectedLink({ url: server.url });
  });

  beforeEach(async () => {
    await link.client.flushall();
  });

  afterAll(async () => {
    await link.close();
    await server.stop();
  });

  function deniedKeys(parts: Partial<RedisDeniedKeysParts> = {}): RedisDeniedKeys {
    const mac = new RecordMac('https://assay.example', [testRecordKey]);
    return new RedisDeniedKeys({ link, mac, clock, events: new CollectedKeyEvents(), ...parts });
  }

  deniedKeysConformance(async () => {
    const own = new FakeClock();
    return { store: deniedKeys({ clock: own }), other: deniedKeys({ clock: own }), clock: own };
  });

  it('keeps the list in Redis as long as its longest decision, and a day for clocks that differ', async () => {
    const day = 24 * 3_600_000;
    await deniedKeys().record(aDecision({ untilMs: clock.wallMs() + 3_600_000 }));
    expect(await link.client.pttl(DENIED_KEYS)).toBeGreaterThan(day + 3_590_000);
    await deniedKeys().record(aDecision({ issuerId: 'shop', untilMs: clock.wallMs() + 60_000 }));
    expect(await link.client.pttl(DENIED_KEYS)).toBeGreaterThan(day + 3_590_000);
    await deniedKeys().record(aDecision({ issuerId: 'third' }));
    expect(await link.client.pttl(DENIED_KEYS)).toBe(-1);
  });

  it('removes what ended more than a day ago', async () => {
    const later = new FakeClock();
    const store = deniedKeys({ clock: later });
    await store.record(aDecision({ untilMs: later.wallMs() + 1_000 }));
    await store.record(aDecision({ issuerId: 'shop' }));
    await later.advance(23 * 3_600_000);
    await store.list();
    expect(await link.client.hlen(DENIED_KEYS)).toBe(2);
    await later.advance(2 * 3_600_000);
    await store.list();
    expect(await link.client.hkeys(DENIED_KEYS)).toEqual([subjectOf(aDecision({ issuerId: 'shop' }))]);
  });

  describe('believes only what one of us has sealed', () => {
    const subject = subjectOf(aDecision());

    async function sealed(): Promise<string> {
      await deniedKeys().record(aDecision());
      return (await link.client.hget(DENIED_KEYS, subject))!;
    }

    it.each([
      ['G-01 a decision without a seal', async () => link.client.hset(DENIED_KEYS, subject, '{"verdict":"allowed"}')],
      [
        'G-01 a changed decision',
        async () => link.client.hset(DENIED_KEYS, subject, (await sealed()).replace('denied', 'allowed')),
      ],
      [
        'G-05 the decision about another issuer',
        async () => {
          await link.client.hset(DENIED_KEYS, subject.replace('corp', 'shop'), await sealed());
          await link.client.hdel(DENIED_KEYS, subject);
        },
      ],
      [
        'G-05 the decision about another key',
        async () => {
          await link.client.hset(DENIED_KEYS, `corp ${'A'.repeat(43)}`, await sealed());
          await link.client.hdel(DENIED_KEYS, subject);
        },
      ],
      [
        'a decision of another environment',
        async () => deniedKeys({ mac: new RecordMac('https://staging.example', [testRecordKey]) }).record(aDecision()),
      ],
      [
        'a decision under a key that nobody has',
        async () =>
          deniedKeys({ mac: new RecordMac('https://assay.example', [{ ...testRecordKey, id: 'k9' }]) }).record(
            aDecision(),
          ),
      ],
      ['a decision that is too long', async () => link.client.hset(DENIED_KEYS, subject, 'x'.repeat(1_000_000))],
      ['bytes that are no text', async () => link.client.hset(DENIED_KEYS, subject, Buffer.from([0xff, 0xfe]))],
    ])('%s is nothing, and raises one alarm', async (_, poison) => {
      await poison();
      const events = new CollectedKeyEvents();
      const store = deniedKeys({ events });
      expect(await store.list()).toEqual([]);
      await store.list();
      expect(events.refusals).toHaveLength(1);
    });

    it('a genuine decision replaces a forged one', async () => {
      await link.client.hset(DENIED_KEYS, subject, '["k1","x","{}"]');
      expect(await deniedKeys().record(aDecision())).toBe(true);
      expect(await deniedKeys().list()).toEqual([aDecision()]);
    });

    it('one forgery hides no other decision', async () => {
      await sealed();
      await link.client.hset(DENIED_KEYS, 'shop x', 'garbage', 'y'.repeat(100_000), 'garbage');
      expect(await deniedKeys().list()).toEqual([aDecision()]);
    });

    it('something else in the place of the list is an alarm, and is replaced', async () => {
      await link.client.set(DENIED_KEYS, 'a text');
      const events = new CollectedKeyEvents();
      const store = deniedKeys({ events });
      expect(await store.list()).toEqual([]);
      expect(events.refusals).toEqual(['wrong_type']);
      await store.record(aDecision());
      expect(await store.list()).toEqual([aDecision()]);
    });

    it('a list that is too long is no list', async () => {
      const many = Array.from({ length: 1_001 }, (_, i) => [`corp ${i}`, 'x']);
      await link.client.hset(DENIED_KEYS, ...many.flat());
      const events = new CollectedKeyEvents();
      await expect(deniedKeys({ events }).list()).rejects.toBeInstanceOf(RedisUnavailable);
      expect(events.refusals).toEqual(['too_large']);
    });

    it('a decision sealed with the older of two keys is believed', async () => {
      await sealed();
      const newer = { id: 'k2', secret: 'another-record-key-for-tests-9876543210' };
      const mac = new RecordMac('https://assay.example', [newer, testRecordKey]);
      expect(await deniedKeys({ mac }).list()).toEqual([aDecision()]);
    });
  });
});
