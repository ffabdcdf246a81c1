import { describe, expect, it } from 'vitest';
import { makeKey } from '../fakes/fake-issuer.js';
import { MISS_WAIT_MS } from '../../src/keys/key-timing.js';
import { headerOf } from './support/key-world.js';
import { TimedWorld, timedIssuer } from './support/timed-world.js';

/** Defects of well-known verifiers (docs/requirements.md, D1 to D15), each as a test of ours. */
describe('defects that others had', () => {
  it('D1 every outcome of a fetch is paid for: a failing issuer is not asked by every request', async () => {
    const t = new TimedWorld();
    t.h.fail('connect');
    for (let i = 0; i < 50; i++) {
      await t.world.verdict('h', headerOf({ kid: 'any', alg: 'ES256' }));
      await t.pass(0.1);
    }

    expect(t.h.fetches.length).toBeLessThanOrEqual(3);
  });

  it('D1 nor by every unknown key when its set has no keys', async () => {
    const t = new TimedWorld();
    t.h.serve({ keys: [] });
    for (let i = 0; i < 50; i++) {
      await t.world.verdict('h', headerOf({ kid: 'any', alg: 'ES256' }));
      await t.pass(0.1);
    }

    expect(t.h.fetches.length).toBeLessThanOrEqual(3);
  });

  it.each([
    'timeout',
    'dns',
    'connect',
    'tls',
    'html',
    'json',
    'key_set',
    'oversize',
    'redirect',
    'status_5xx',
  ] as const)('D5 D13 D14 a failed refresh (%s) leaves the good set as it is', async (category) => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    t.h.fail(category);
    await t.pass(900);

    expect(t.world.events.results('h').at(-1)).toBe(category);
    expect(t.accepts(first)).toBe(true);
  });

  it('D4 an unknown key deletes nothing', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();

    expect(await t.meets({ kid: 'unknown', alg: 'ES256' })).toBe(0);
    expect(t.accepts(first)).toBe(true);
    expect(await t.meets(first)).toBe(1);
  });

  it('D7 readers share nothing with a fetch under way, and no issuer with another', async () => {
    const t = new TimedWorld();
    const { first, beside } = await t.warm();
    t.h.hang();
    const next = await t.g.publish('next');
    const waiting = t.world.verdict('h', headerOf({ kid: 'unknown', alg: 'ES256' }));

    expect(t.accepts(first)).toBe(true);
    expect(t.accepts(beside, 'g')).toBe(true);
    expect(await t.meets(next, 'g')).toBe(1);
    await t.pass(MISS_WAIT_MS / 1_000);
    expect(await waiting).toBe('undetermined');
  });

  it('D9 a source that ignores its signal is left alone at the deadline', async () => {
    const t = new TimedWorld();
    t.h.hang();
    t.start();
    await t.pass(3.1);

    expect(t.world.events.results('h')).toEqual(['timeout']);
  });

  it('D11 the noise of one issuer leaves the budget of another whole', async () => {
    const t = new TimedWorld({ missBurst: 1 });
    await t.warm();
    for (let i = 0; i < 20; i++) await t.meets({ kid: `noise-${i}`, alg: 'ES256' });
    const next = await t.g.publish('next');

    expect(await t.meets(next, 'g')).toBe(1);
  });

  it('D15 a document without keys is no set: nothing is withdrawn', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    t.h.serve({ error: 'temporarily_unavailable' });
    await t.pass(3_600);

    expect(t.accepts(first)).toBe(true);
    expect(t.world.freshness('h').keys.map(({ state }) => state)).toEqual(['active']);
  });

  it('a failed first fetch is "unavailable", never a miss', async () => {
    const t = new TimedWorld();
    t.h.fail('status_5xx');

    expect(await t.meets({ kid: 'any', alg: 'ES256' })).toBe('unavailable');
    expect(t.world.freshness('h')).toMatchObject({ state: 'COLD', lastFailure: { category: 'status_5xx' } });
    expect(t.world.freshness('h').succeededAtMs).toBeUndefined();
  });

  it('I17 "unavailable" says when to come back', async () => {
    const t = new TimedWorld();
    t.h.fail('rate_limited', 90_000);
    const issuer = t.world.issuers.byId('h')!;
    const header = headerOf({ kid: 'any', alg: 'ES256' });

    await expect(t.world.keys.find(issuer, header)).rejects.toMatchObject({ issuerId: 'h', retryAfterSeconds: 90 });
    await t.pass(30);
    await expect(t.world.keys.find(issuer, header)).rejects.toMatchObject({ retryAfterSeconds: 60 });
  });

  it('a known key with a bad signature never makes us fetch', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    const fetches = t.h.fetches.length;
    for (let i = 0; i < 1_000; i++) expect(await t.meets(first)).toBe(1);

    expect(t.h.fetches).toHaveLength(fetches);
  });

  it.each(['h warm', 'g warm', 'both cold', 'both warm'])(
    'B-10 two issuers with one kid do not share keys: %s',
    async (order) => {
      const t = new TimedWorld();
      const ofH = await t.h.publish('1');
      const ofG = await t.g.publish('1');
      if (order === 'h warm') await t.meets(ofH, 'h');
      if (order === 'g warm') await t.meets(ofG, 'g');
      if (order === 'both warm') await Promise.all([t.meets(ofH, 'h'), t.meets(ofG, 'g')]);
      const [foundH, foundG] = await Promise.all([thumbprints(t, 'h'), thumbprints(t, 'g')]);

      expect(foundH).toHaveLength(1);
      expect(foundG).toHaveLength(1);
      expect(foundH).not.toEqual(foundG);
    },
  );

  it('a removed issuer has no keys from the same tick on, whatever is under way', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    const issuer = t.world.issuers.byId('h')!;
    t.h.answerAfter(500);
    const waiting = t.world.keys.find(issuer, headerOf({ kid: 'new', alg: 'ES256' }));
    t.world.issuers.replace([timedIssuer('g')]);

    expect(t.world.keys.known(issuer, headerOf(first))).toBeUndefined();
    await expect(t.world.keys.find(issuer, headerOf(first))).rejects.toMatchObject({ name: 'KeysUnavailable' });
    const fetches = t.h.fetches.length;
    await t.pass(600);
    await waiting.catch(() => undefined);
    expect(t.h.fetches).toHaveLength(fetches);
  });

  it('a changed key source starts cold; any other change keeps the keys', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    t.world.issuers.replace([timedIssuer('h', { hardTtlMs: 600_000 }), timedIssuer('g')]);
    expect(t.accepts(first)).toBe(true);
    t.h.fail('connect');
    await t.pass(600);
    expect(t.accepts(first)).toBe('unavailable');

    const u = new TimedWorld();
    const warm = await u.warm();
    u.world.issuers.replace([timedIssuer('h', {}, { keySourceFingerprint: 'another source' }), timedIssuer('g')]);
    expect(u.accepts(warm.first)).toBe('unavailable');
    await u.pass(1);
    expect(u.accepts(warm.first)).toBe(true);
    // A token that was being verified meanwhile still belongs to the issuer as it was.
    const before = timedIssuer('h');
    expect(u.world.keys.known(before, headerOf(warm.first))).toBeUndefined();
    await expect(u.world.keys.find(before, headerOf(warm.first))).rejects.toMatchObject({ retryAfterSeconds: 1 });
  });

  it('waits for critical issuers at start, but not for ever', async () => {
    const t = new TimedWorld({}, [timedIssuer('h', {}, { criticality: 'critical' }), timedIssuer('g')]);
    t.h.fail('connect');
    t.start();
    let isWarm = false;
    const warming = t.world.keys.warm(10_000).then(() => (isWarm = true));
    await t.pass(4);
    expect(isWarm).toBe(false);
    t.h.publishAgain(await makeKey('ES256', 'first'));
    t.h.recover();
    await t.pass(4);
    await warming;
    expect(t.world.keys.hasKeys(t.world.issuers.byId('h')!)).toBe(true);

    const u = new TimedWorld({}, [timedIssuer('h', {}, { criticality: 'critical' })]);
    u.h.hang();
    u.start();
    const late = u.world.keys.warm(10_000);
    await u.pass(10.1);
    await late;
    expect(u.world.keys.hasKeys(u.world.issuers.byId('h')!)).toBe(false);
  });

  it('stops fetching when it is stopped', async () => {
    const t = new TimedWorld();
    await t.warm();
    t.world.keys.stop();
    const fetches = t.h.fetches.length;
    await t.pass(900);

    expect(t.h.fetches).toHaveLength(fetches);
  });
});

async function thumbprints(t: TimedWorld, id: string): Promise<readonly string[]> {
  const keys = t.world.keys.find(t.world.issuers.byId(id)!, headerOf({ kid: '1', alg: 'ES256' }));
  await t.pass(0.5);
  return (await keys).map(({ thumbprint }) => thumbprint);
}
