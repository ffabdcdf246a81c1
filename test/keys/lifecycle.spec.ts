import { describe, expect, it } from 'vitest';
import { makeKey } from '../fakes/fake-issuer.js';
import { TimedWorld } from './support/timed-world.js';

const hour = 3_600;

describe('the life of a key', () => {
  it('I10 is verified from memory, whatever the issuer does', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    t.h.hang();
    await t.pass(1_000);
    const fetches = t.h.fetches.length;

    for (let i = 0; i < 1_000; i++) expect(t.accepts(first)).toBe(true);
    expect(t.h.fetches).toHaveLength(fetches);
  });

  it('is fetched again before five minutes are over', async () => {
    const t = new TimedWorld();
    await t.warm();
    await t.pass(3_000);

    const gaps = t.h.fetches.slice(1).map((atMs, i) => atMs - t.h.fetches[i]!);
    expect(gaps.length).toBeGreaterThanOrEqual(10);
    for (const gap of gaps) {
      expect(gap).toBeGreaterThanOrEqual(270_000);
      expect(gap).toBeLessThanOrEqual(300_000);
    }
  });

  it('I9 begins with its first use', async () => {
    const t = new TimedWorld();
    await t.warm();
    const second = await t.h.publish('second');

    expect(await t.meets(second)).toBe(1);
    expect(t.h.fetches).toHaveLength(2);
  });

  it('B-15 R9111-05 D4 ends after a second fetch, at most 5 min 40 s after it was withdrawn', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    await t.h.publish('second');
    t.h.withdraw(first);
    const withdrawnMs = t.clock.monoMs();
    while (t.accepts(first)) await t.pass(0.5);

    expect(t.clock.monoMs() - withdrawnMs).toBeLessThanOrEqual(340_000);
    expect(await t.meets(first)).toBe(0);
    expect(t.world.events.changes('h').filter((change) => /retiring|removed/.test(change))).toHaveLength(2);
  });

  it('is reported with when it was seen, and with what was accepted before and after', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    const warmMs = t.clock.wallMs();
    await t.h.publish('second');
    t.h.withdraw(first);
    while (t.accepts(first)) await t.pass(0.5);

    const changes = t.world.events.all.flatMap((event) =>
      event.event === 'key' && event.issuerId === 'h' ? event : [],
    );
    const [added, retiring, , removed] = changes;
    expect(changes.map(({ change }) => change)).toEqual(['added', 'retiring', 'added', 'removed']);
    expect(added).not.toHaveProperty('digestBefore');
    const { firstSeenAtMs, digestAfter } = added!;
    // Seen once, when the world began.
    const seen = { firstSeenAtMs, lastSeenAtMs: firstSeenAtMs };
    expect(warmMs - firstSeenAtMs).toBeGreaterThan(2_000);
    expect(warmMs - firstSeenAtMs).toBeLessThanOrEqual(2_100);
    expect(retiring).toMatchObject({ digestBefore: digestAfter, ...seen });
    expect(removed).toMatchObject({ digestBefore: retiring!.digestAfter, ...seen });
    const { digest } = t.world.keys.freshnessOf(t.world.issuers.byId('h')!)!;
    expect(removed!.digestAfter).toBe(digest);
    expect(new Set(changes.map(({ digestAfter }) => digestAfter)).size).toBe(3);
  });

  it('B-15 ends half a minute after it was missing, when no second fetch succeeds', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    const second = await t.h.publish('second');
    t.h.withdraw(first);
    expect(await t.meets(second)).toBe(1);
    t.h.fail('status_5xx');
    await t.pass(29);
    expect(t.accepts(first)).toBe(true);
    await t.pass(1.1);

    expect(t.accepts(first)).toBe(false);
    expect(t.accepts(second)).toBe(true);
  });

  it('B-15 ends at once where the issuer wants it', async () => {
    const t = new TimedWorld({ removal: 'immediate' });
    const { first } = await t.warm();
    const second = await t.h.publish('second');
    t.h.withdraw(first);

    expect(await t.meets(second)).toBe(1);
    expect(t.accepts(first)).toBe(false);
  });

  it('B-16 a kid that now names another key: both while in doubt, then only the new one', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    t.h.withdraw(first);
    await t.h.publish('first');
    await t.pass(288);
    expect(await t.meets(first)).toBe(2);
    await t.pass(12);

    expect(await t.meets(first)).toBe(1);
    expect(t.world.events.changes('h').some((change) => change.startsWith('kid_reused'))).toBe(true);
  });

  it('I6 survives one answer of a stale edge', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    const second = await t.h.publish('second');
    expect(await t.meets(second)).toBe(1);
    t.h.serve({ keys: [first.publicJwk] });
    await t.pass(275);
    t.h.recover();
    for (let i = 0; i < 100; i++) {
      await t.pass(1);
      expect(t.accepts(second)).toBe(true);
    }
  });

  it('does not come back because one lagging edge still shows it', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    const second = await t.h.publish('second');
    t.h.withdraw(first);
    expect(await t.meets(second)).toBe(1);
    await t.pass(15);
    expect(t.accepts(first)).toBe(false);
    t.h.publishAgain(first);

    expect(await t.meets(first)).toBe(0);
    await t.pass(59);
    expect(t.accepts(first)).toBe(false);
    await t.pass(5);
    expect(t.accepts(first)).toBe(true);
  });

  it('R9111-05 outlives an empty set until three fetches over two minutes', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    t.h.serve({ keys: [] });
    await t.pass(300);
    expect(t.world.events.results('h').at(-1)).toBe('empty');
    const emptySinceMs = t.h.fetches.at(-1)!;
    while (t.accepts(first) === true) await t.pass(1);

    expect(t.clock.monoMs() - emptySinceMs).toBeGreaterThanOrEqual(120_000);
    expect(t.clock.monoMs() - emptySinceMs).toBeLessThanOrEqual(150_000);
    expect(await t.meets(first)).toBe(0);
  });

  it('D3 D6 I4 is trusted for hardTtl after the last proof, and not a moment longer', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    const provedMs = t.h.fetches[0]!;
    t.h.fail('connect');
    await t.pass(4 * hour - (t.clock.monoMs() - provedMs) / 1_000 - 0.001);
    expect(t.accepts(first)).toBe(true);
    await t.pass(0.001);

    expect(t.accepts(first)).toBe('unavailable');
    expect(await t.meets(first)).toBe('unavailable');
    expect(t.world.freshness('h').state).toBe('EXPIRED');
  });

  it('is not renewed by a clock that is set back', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    t.h.fail('connect');
    t.clock.stepWall(-24 * hour * 1_000);
    await t.pass(4 * hour);

    expect(t.accepts(first)).toBe('unavailable');
  });

  it('begins again when the issuer is back', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    t.h.fail('connect');
    await t.pass(5 * hour);
    expect(t.accepts(first)).toBe('unavailable');
    t.h.recover();
    await t.pass(61);

    expect(t.accepts(first)).toBe(true);
  });

  it('shows its age: FRESH, DUE, STALE, EXPIRED, and COLD before', async () => {
    const t = new TimedWorld();
    const key = await makeKey('ES256', 'first');
    expect(t.world.freshness('h')).toMatchObject({ state: 'COLD', keys: [] });
    t.h.publishAgain(key);
    await t.g.publish('beside');
    t.start();
    await t.pass(1);
    const states = [t.world.freshness('h').state];
    t.h.fail('connect');
    for (const seconds of [290, 610, 4 * hour - 900]) {
      await t.pass(seconds);
      states.push(t.world.freshness('h').state);
    }

    expect(states).toEqual(['FRESH', 'DUE', 'STALE', 'EXPIRED']);
    const { attemptedAtMs, succeededAtMs, lastFailure, keys } = t.world.freshness('h');
    expect(attemptedAtMs! - succeededAtMs!).toBeGreaterThan(3 * hour * 1_000);
    expect(lastFailure?.category).toBe('connect');
    expect(keys).toMatchObject([{ kids: ['first'], state: 'active' }]);
    // Seen when the fetch began; it succeeded when the key had been compiled, which is real work.
    expect(keys[0]?.lastSeenAtMs).toBe(keys[0]?.firstSeenAtMs);
    expect(keys[0]?.lastSeenAtMs).toBeLessThanOrEqual(succeededAtMs!);
  });
});
