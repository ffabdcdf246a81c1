import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RecordMac } from '../../src/redis/record-mac.js';
import type { RedisLink } from '../../src/redis/redis-link.js';
import { BothDeniedKeys } from '../../src/revocation/both-denied-keys.js';
import { MemoryDeniedKeys } from '../../src/revocation/denied-keys.js';
import { subjectOf } from '../../src/revocation/key-decision.js';
import { FORMER_DENIED_KEYS, FormerDenials } from '../../src/revocation/redis-former-denials.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { connectedLink, testEnvironment, testRecordKey } from '../redis/a-redis-key-store.js';
import { RedisServer } from '../redis/redis-server.js';
import { aDecision } from './denied-keys.js';

const DAY_MS = 24 * 3_600_000;
const subject = subjectOf(aDecision());

describe('FormerDenials', () => {
  let server: RedisServer;
  let link: RedisLink;
  let clock: FakeClock;
  let keys: MemoryDeniedKeys;
  let former: FormerDenials;

  beforeAll(async () => {
    server = await RedisServer.start();
    link = await connectedLink({ url: server.url });
  });

  beforeEach(async () => {
    await link.client.flushall();
    clock = new FakeClock();
    keys = new MemoryDeniedKeys(clock);
    former = formerOf(testEnvironment);
  });

  afterAll(async () => {
    await link.close();
    await server.stop();
  });

  function formerOf(environment: string, id = testRecordKey.id): FormerDenials {
    return new FormerDenials({ link, mac: new RecordMac(environment, [{ ...testRecordKey, id }]), clock, keys });
  }

  const sealed = async (): Promise<string> => {
    await former.record(aDecision());
    return (await link.client.hget(FORMER_DENIED_KEYS, subject))!;
  };

  it('takes over what the version before has decided', async () => {
    await former.record(aDecision());
    await former.start();
    expect(keys.list()).toEqual([aDecision()]);
    former.stop();
  });

  it('takes it over within the bound while both versions run', async () => {
    await former.start();
    await former.record(aDecision());
    await clock.advance(4_000);
    await expect.poll(() => keys.list()).toEqual([aDecision()]);
    former.stop();
  });

  it('brings there what is decided now, at once and where that failed, later', async () => {
    const both = new BothDeniedKeys(keys, former);
    await both.record(aDecision());
    expect(await former.list()).toEqual([aDecision()]);
    await link.client.flushall();
    await former.start();
    expect(await former.list()).toEqual([aDecision()]);
    former.stop();
  });

  it('does not revive a key by an older decision to allow', async () => {
    await keys.record(aDecision({ atMs: aDecision().atMs + 1 }));
    await former.record(aDecision({ verdict: 'allowed' }));
    await former.start();
    expect(keys.list()).toMatchObject([{ verdict: 'denied' }]);
    expect(await former.list()).toMatchObject([{ verdict: 'denied' }]);
    former.stop();
  });

  it('keeps the list in Redis as long as its longest decision, and a day for clocks that differ', async () => {
    await former.record(aDecision({ untilMs: clock.wallMs() + 3_600_000 }));
    expect(await link.client.pttl(FORMER_DENIED_KEYS)).toBeGreaterThan(DAY_MS + 3_590_000);
    await former.record(aDecision({ issuerId: 'third' }));
    expect(await link.client.pttl(FORMER_DENIED_KEYS)).toBe(-1);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a decision without a seal', () => link.client.hset(FORMER_DENIED_KEYS, subject, '{"verdict":"allowed"}')],
    [
      'a changed decision',
      async () => link.client.hset(FORMER_DENIED_KEYS, subject, (await sealed()).replace('denied', 'allowed')),
    ],
    [
      'the decision about another issuer',
      async () => {
        await link.client.hset(FORMER_DENIED_KEYS, subject.replace('corp', 'shop'), await sealed());
        await link.client.hdel(FORMER_DENIED_KEYS, subject);
      },
    ],
    ['a decision of another environment', () => formerOf('https://staging.example').record(aDecision())],
    ['a decision under a key that nobody has', () => formerOf(testEnvironment, 'k9').record(aDecision())],
    ['a decision that is too long', () => link.client.hset(FORMER_DENIED_KEYS, subject, 'x'.repeat(1_000_000))],
    ['bytes that are no text', () => link.client.hset(FORMER_DENIED_KEYS, subject, Buffer.from([0xff, 0xfe]))],
    ['something else in the place of the list', () => link.client.set(FORMER_DENIED_KEYS, 'a text')],
  ])('%s is nothing, and a genuine one replaces it', async (_, poison) => {
    await poison();
    expect(await former.list()).toEqual([]);
    await former.record(aDecision());
    expect(await former.list()).toEqual([aDecision()]);
  });

  it('2,000 junk fields hide no decision, and keep none out', async () => {
    const junk = Array.from({ length: 2_000 }, (_, i) => [`corp ${i}`, 'x']);
    await link.client.hset(FORMER_DENIED_KEYS, ...junk.flat());
    await former.record(aDecision());
    expect(await former.list()).toEqual([aDecision()]);
  });
});
