import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChangeLog } from '../../src/changes/change-log.js';
import { POLL_MS } from '../../src/changes/change-store.js';
import { RedisChangeStore } from '../../src/changes/redis-change-store.js';
import { RecordMac, type RecordKey } from '../../src/redis/record-mac.js';
import type { RedisLink } from '../../src/redis/redis-link.js';
import { KnownRevocations } from '../../src/revocation/tokens/known-revocations.js';
import { LoggedRevocations } from '../../src/revocation/tokens/logged-revocations.js';
import { idOf, type RevocationKind } from '../../src/revocation/tokens/revocation.js';
import { Revocations } from '../../src/revocation/tokens/revocations.js';
import { anIssuer } from '../builders/an-issuer.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { RecordingAudit } from '../fakes/recording-audit.js';
import { connectedLink, testEnvironment, testNames, testRecordKey } from '../redis/a-redis-key-store.js';
import { RedisServer } from '../redis/redis-server.js';

const list = testNames.in('log', 'revocations');
const issuer = anIssuer();
const registrations = () => new Set([issuer.id]);
const by = { by: 'ops', reason: 'stolen' };
const younger: RecordKey = { id: 'k2', secret: 'a-younger-record-key-9876543210-abcdef' };

/** One process, as far as revocations go. */
interface Replica {
  readonly revocations: Revocations;
  readonly log: ChangeLog;
  readonly refused: string[];
  revoke(kind: RevocationKind, value: string): ReturnType<Revocations['revoke']>;
  /** The kind of the decision about a token that says all this; `undefined`: it is good. */
  judge(claims: Readonly<Record<string, string | number>>): string | undefined;
}

describe('what replicas share of revocations, through a real Redis', () => {
  let server: RedisServer;
  let link: RedisLink;
  let clock: FakeClock;
  const stops: (() => void)[] = [];

  beforeAll(async () => {
    server = await RedisServer.start();
    link = await connectedLink({ url: server.url });
  });

  beforeEach(async () => {
    clock = new FakeClock();
    await link.client.flushall();
  });

  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
  });

  afterAll(async () => {
    await link.close();
    await server.stop();
  });

  async function replica(
    keys: readonly RecordKey[] = [testRecordKey],
    environment = testEnvironment,
  ): Promise<Replica> {
    const refused: string[] = [];
    const store = new RedisChangeStore({ primary: link, names: testNames });
    const onRefused = (kind: string, reason: string): void => {
      refused.push(`${kind} ${reason}`);
    };
    const log = new ChangeLog({ store, mac: new RecordMac(environment, keys), clock, random: () => 0, onRefused });
    const known = new KnownRevocations();
    const shared = new LoggedRevocations({ log, known, clock });
    const revocations = new Revocations({ known, shared, registrations, clock, audit: new RecordingAudit() });
    await log.start();
    shared.start();
    stops.push(() => {
      log.stop();
      shared.stop();
    });
    const revoke: Replica['revoke'] = (kind, value) => {
      const before = kind === 'token' || kind === 'session' ? 0 : Math.floor(clock.wallMs() / 1_000);
      return revocations.revoke({ issuer, scope: { issuer: 'corp' }, kind, value, before, ...by });
    };
    const judge: Replica['judge'] = (claims) => revocations.decisionAbout(issuer, { compact: 'a.b.c', claims })?.kind;
    return { revocations, log, refused, revoke, judge };
  }

  /** Replicas go on polling until this holds. */
  const soon = (check: () => void | Promise<void>): Promise<void> =>
    vi.waitFor(
      async () => {
        await clock.advance(POLL_MS);
        await check();
      },
      { timeout: 10_000, interval: 20 },
    );
  const entries = (): Promise<number> => link.client.zcard(list);
  const iat = (): number => Math.floor(clock.wallMs() / 1_000);
  const claims = (): Readonly<Record<string, string | number>> => ({ jti: 'one', iat: iat() - 5, sub: 'anna' });

  it('what one replica revokes, the other refuses after its next poll', async () => {
    const [here, there] = [await replica(), await replica()];
    expect(await here.revoke('token', 'one')).toMatchObject({ isShared: true });
    expect(here.judge(claims())).toBe('token');
    expect(there.judge(claims())).toBeUndefined();
    await soon(() => {
      expect(there.judge(claims())).toBe('token');
    });
    await here.revoke('subject', 'berta');
    const { decision } = await here.revoke('session', 's1');
    await soon(() => {
      expect(there.judge({ jti: 'two', sid: 's1' })).toBe('session');
      expect(there.judge({ jti: 'two', sub: 'berta', iat: iat() - 60 })).toBe('subject');
      expect(there.judge({ jti: 'two', sub: 'berta', iat: iat() + 60 })).toBeUndefined();
    });
    await there.revocations.allow(issuer, idOf(decision), by);
    await soon(() => {
      expect(here.judge({ jti: 'two', sid: 's1' })).toBeUndefined();
    });
  });

  it('REV-13 a replica that starts knows everything before it is ready, however many pages that is', async () => {
    const here = await replica();
    for (let n = 0; n < 1_200; n += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, i) => here.revoke('token', `token ${n + i}`)));
    }
    const late = await replica();
    expect([late.revocations.knowledge.isKnown, late.revocations.knowledge.isReady]).toEqual([true, true]);
    for (let n = 0; n < 1_200; n++) expect(late.judge({ jti: `token ${n}` })).toBe('token');
    expect(late.judge({ jti: 'token 1200' })).toBeUndefined();
  });

  it('REV-14 entries come back after FLUSHALL, and after a Redis that was killed and is empty', async () => {
    const [here, there] = [await replica(), await replica()];
    await here.revoke('token', 'one');
    await here.revoke('subject', 'anna');
    await soon(() => {
      expect(there.judge(claims())).toBe('token');
    });

    await link.client.flushall();
    await soon(async () => {
      expect(await entries()).toBe(2);
    });

    await server.kill();
    expect(await here.revoke('session', 's1')).toMatchObject({ isShared: false });
    await clock.advance(POLL_MS);
    expect(here.judge(claims())).toBe('token');
    expect(here.judge({ jti: 'two', sid: 's1' })).toBe('session');
    await server.restart();
    await soon(async () => {
      expect(await entries()).toBe(3);
    });
    await soon(async () => {
      expect(there.judge({ jti: 'two', sid: 's1' })).toBe('session');
    });
    expect((await replica()).judge({ jti: 'two', sub: 'anna', iat: 1 })).toBe('subject');
  }, 30_000);

  it('a decision that a failover has taken before anybody read it comes back by itself', async () => {
    const [here, there] = [await replica(), await replica()];
    await here.revoke('token', 'one');
    await link.client.del(list);
    for (let waited = 0; waited <= 14_000; waited += POLL_MS) await clock.advance(POLL_MS);
    await soon(async () => {
      expect(there.judge(claims())).toBe('token');
    });
  });

  it('a revocation that nobody has read yet is not taken back by an allowance whose clock is ahead', async () => {
    const [here, there] = [await replica(), await replica()];
    const { decision } = await there.revoke('token', 'one');
    await soon(() => {
      expect(here.judge(claims())).toBe('token');
    });
    clock.stepWall(300_000);
    await there.revocations.allow(issuer, idOf(decision), by);
    clock.stepWall(-299_000);
    await here.revoke('token', 'one');
    for (const each of [here, there]) {
      await soon(() => {
        expect(each.judge(claims())).toBe('token');
      });
    }
    expect((await replica()).judge(claims())).toBe('token');
  });

  it('a replica that never read the list is not ready, and answers as the configuration says', async () => {
    const blind = new LoggedRevocations({
      log: new ChangeLog({
        store: new RedisChangeStore({ primary: link, names: testNames }),
        mac: new RecordMac(testEnvironment, [testRecordKey]),
        clock,
        onRefused: () => undefined,
      }),
      known: new KnownRevocations(),
      clock,
    });
    let verdicts = 0;
    const onBlindVerdict = () => verdicts++;
    const parts = { known: new KnownRevocations(), shared: blind, registrations, clock, audit: new RecordingAudit() };
    const revocations = new Revocations({ ...parts, onBlindVerdict });
    const ask = () => revocations.decisionAbout(issuer, { compact: 'a.b.c', claims: claims() });
    expect([revocations.knowledge.isReady, ask(), verdicts]).toEqual([false, undefined, 1]);
    const { knowledge } = revocations;
    knowledge.rules = { ...knowledge.rules, onUnknown: 'refuse' };
    expect(ask).toThrow('what was revoked could not be read, or not for too long');
    knowledge.rules = { ...knowledge.rules, onUnknown: 'accept', coldStart: 0 };
    expect([revocations.knowledge.isReady, ask(), verdicts]).toEqual([true, undefined, 2]);
  });

  it('REV-15 poisoned entries are refused one by one and reported, and hide nothing', async () => {
    const here = await replica();
    await here.revoke('token', 'one');
    const [sealed = ''] = await link.client.zrange(list, '0', '-1');
    const foreign = await replica([testRecordKey], 'https://other.example');
    await foreign.revoke('token', 'of another environment');
    for (const junk of ['junk', sealed.replace('"token"', '"session"'), 'x'.repeat(10_000)]) {
      await link.client.zadd(list, '1', junk);
    }
    const late = await replica();
    expect(late.judge(claims())).toBe('token');
    expect(late.judge({ jti: 'of another environment' })).toBeUndefined();
    expect(late.refused.toSorted()).toEqual([
      'revocations forged',
      'revocations forged',
      'revocations incomplete',
      'revocations too_large',
    ]);
  });

  it('seals again what an older key sealed, so that nothing is lost when that key goes', async () => {
    await (await replica()).revoke('token', 'one');
    await replica([younger, testRecordKey]);
    await soon(async () => {
      expect((await replica([younger])).judge(claims())).toBe('token');
    });
    expect(await entries()).toBe(1);
  });

  it('clears away what has ended, here and in Redis', async () => {
    const here = await replica();
    await here.revoke('token', 'one');
    const { maxLifetimeSeconds } = issuer.revocation;
    clock.stepWall((maxLifetimeSeconds + 25 * 3_600) * 1_000);
    await here.log.read();
    await soon(async () => {
      expect(await entries()).toBe(0);
    });
    expect(here.judge(claims())).toBeUndefined();
  });
});
