import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { MISS_WAIT_MS } from '../../src/keys/key-timing.js';
import { headerOf, unknownHeader } from './support/key-world.js';
import { TimedWorld } from './support/timed-world.js';

/** Most fetches for unknown keys in a window, by the published bound (docs/key-lifecycle.md). */
const bound = (seconds: number): number => 3 + Math.ceil(seconds / 30) + Math.ceil(seconds / 270) + 1;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is still referred to, in bytes, but for the events of a flood that the test itself keeps. */
function heapInUse({ world: { events } }: TimedWorld): number {
  const kept = events.all.filter(({ event }) => event === 'fetched');
  events.all.splice(0, events.all.length, ...kept);
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe('floods', () => {
  /** Random keys, `perSecond` of them for `seconds`, while `each` is called once a second. */
  async function flood(
    t: TimedWorld,
    seconds: number,
    perSecond: number,
    each: () => Promise<void> | void = () => undefined,
  ) {
    const verdicts: Promise<number | 'unavailable' | 'undetermined'>[] = [];
    for (let second = 0; second < seconds; second++) {
      for (let i = 0; i < perSecond; i++) verdicts.push(t.world.verdict('h', unknownHeader(`random-${second}-${i}`)));
      await each();
      await t.pass(1);
    }
    // The last of them may still wait for a fetch.
    await t.pass(MISS_WAIT_MS / 1_000);
    return Promise.all(verdicts);
  }

  it('F-16 I1 unknown keys cost the issuer what it allows, and nobody else anything', async () => {
    const t = new TimedWorld();
    const { first, beside } = await t.warm();
    const before = t.h.fetches.length;
    const besideBefore = t.g.fetches.length;

    const verdicts = await flood(t, 120, 500, () => {
      expect(t.accepts(first)).toBe(true);
      expect(t.accepts(beside, 'g')).toBe(true);
    });

    expect(new Set(verdicts)).toEqual(new Set([0]));
    expect(t.h.fetches.length - before).toBeLessThanOrEqual(bound(120));
    expect(t.g.fetches.length).toBe(besideBefore);
  });

  it('F-16 I2 keeps fetches apart, also when every one of them fails', async () => {
    const t = new TimedWorld();
    await t.warm();
    t.h.fail('status_5xx');
    await flood(t, 60, 50);

    const gaps = t.h.fetches.slice(1).map((atMs, i) => atMs - t.h.fetches[i]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2_000);
    // While it fails, one fetch in ten seconds goes around the backoff and the budget.
    expect(t.h.fetches.length).toBeLessThanOrEqual(bound(60) + 60 / 10);
  });

  it('F-16 most of a flood is answered without waiting', async () => {
    const t = new TimedWorld();
    await t.warm();
    t.h.hang();
    let answered = 0;
    const verdicts = Array.from({ length: 10_000 }, (_, i) =>
      t.world.verdict('h', unknownHeader(`random-${i}`)).finally(() => (answered += 1)),
    );
    await new Promise((resolve) => setImmediate(resolve));
    const waiting = t.world.freshness('h').waiting;
    expect(waiting).toBeLessThanOrEqual(256);
    // No time has passed yet.
    expect(answered).toBe(10_000 - waiting);
    await t.pass(MISS_WAIT_MS / 1_000);

    // Who waited for an answer that did not come cannot know; who found all places taken waited for none.
    const settled = await Promise.all(verdicts);
    expect(settled.filter((verdict) => verdict === 'undetermined')).toHaveLength(waiting);
    expect(settled.filter((verdict) => verdict === 0)).toHaveLength(10_000 - waiting);
    expect(t.world.freshness('h').waiting).toBe(0);
  });

  it('F-16 I11 asks the store once a second, however many tokens come', async () => {
    const t = new TimedWorld();
    await t.warm();
    const before = t.store.acquisitions;
    for (let i = 0; i < 600; i++) {
      void t.world.verdict('h', unknownHeader(`random-${i}`));
      await t.pass(0.1);
    }

    expect(t.store.acquisitions - before).toBeLessThanOrEqual(65);
  });

  it('F-20 I11 asks the store for nothing while an issuer without keys is known to be refused', async () => {
    const t = new TimedWorld();
    t.h.fail('rate_limited', 60_000);
    await t.pass(0.1);
    const verdicts = await flood(t, 50, 100);

    expect(new Set(verdicts)).toEqual(new Set(['unavailable']));
    expect(t.store.acquisitions).toBe(1);
    expect(t.h.fetches).toHaveLength(1);
  });

  it('F-17 a real rotation is picked up during a flood, within 35 seconds', async () => {
    const t = new TimedWorld();
    await t.warm();
    await flood(t, 70, 50);
    const next = await t.h.publish('next');
    const publishedMs = t.clock.monoMs();
    let acceptedMs = Number.POSITIVE_INFINITY;
    await flood(t, 40, 50, () => {
      if (t.accepts(next)) acceptedMs = Math.min(acceptedMs, t.clock.monoMs());
    });

    expect(acceptedMs - publishedMs).toBeLessThanOrEqual(35_000);
  });

  it('F-17 the first unknown key after a rotation is fetched at once', async () => {
    const t = new TimedWorld();
    await t.warm();
    await t.pass(100);
    const next = await t.h.publish('next');

    expect(await t.meets(next)).toBe(1);
  });

  it('F-18 remembers no unknown key: one that was unknown and is then published is good', async () => {
    const t = new TimedWorld();
    await t.warm();
    await flood(t, 2, 20_000);
    const heapBefore = heapInUse(t);
    await flood(t, 8, 20_000);
    expect(await t.meets({ kid: 'later', alg: 'ES256' })).toBe(0);
    const later = await t.h.publish('later');
    await t.pass(31);

    expect(await t.meets(later)).toBe(1);
    expect(heapInUse(t) - heapBefore).toBeLessThan(16 * 1_024 * 1_024);
  });

  it('D2 I18 the schedule is kept while the budget for unknown keys is spent', async () => {
    const t = new TimedWorld({ missCooldownMs: 3_600_000, missBurst: 1 });
    await t.warm();
    await flood(t, 600, 5);

    const gaps = t.h.fetches.slice(1).map((atMs, i) => atMs - t.h.fetches[i]!);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(300_000);
    expect(t.h.fetches.length).toBeGreaterThanOrEqual(3);
  });

  it('F-19 a stampede for a cold issuer costs one fetch', async () => {
    const t = new TimedWorld();
    const key = await t.h.publish('first');
    const verdicts = Array.from({ length: 1_000 }, () => t.world.verdict('h', headerOf(key)));
    await t.pass(0.5);
    const settled = await Promise.all(verdicts);

    expect(t.h.fetches).toHaveLength(1);
    expect(settled.filter((verdict) => verdict === 1).length).toBe(256);
    // A request that finds the bulkhead full is asked to come back, and is served from memory then.
    expect(settled.filter((verdict) => verdict === 'unavailable').length).toBe(744);
    expect(t.accepts(key)).toBe(true);
  });

  it('F-19 a leader that gives up does not fail its followers', async () => {
    const t = new TimedWorld();
    const key = await t.h.publish('first');
    t.h.answerAfter(2_600);
    const leader = t.world.verdict('h', headerOf(key));
    await t.pass(1);
    const follower = t.world.verdict('h', headerOf(key));
    // Up to the answer, which leaves the time that cryptography really takes before the deadline; then beyond it.
    await t.pass(1.8);
    await t.pass(0.7);

    expect(await leader).toBe('unavailable');
    expect(await follower).toBe(1);
  });

  it('F-20 an issuer that hangs holds a bounded number of requests, for a bounded time', async () => {
    const t = new TimedWorld();
    const beside = await t.g.publish('beside');
    t.h.hang();
    t.start();
    await t.pass(0.1);
    const verdicts = Array.from({ length: 5_000 }, () => t.world.verdict('h', unknownHeader()));
    await new Promise((resolve) => setImmediate(resolve));

    expect(t.world.freshness('h').waiting).toBe(256);
    expect(t.accepts(beside, 'g')).toBe(true);
    expect(await t.meets(beside, 'g')).toBe(1);
    await t.pass(2.5);
    expect(new Set(await Promise.all(verdicts))).toEqual(new Set(['unavailable']));
    expect(t.h.fetches.length).toBeLessThanOrEqual(2);
  });

  it('F-21 an issuer that alternates between two sets and errors is not asked more often', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    const second = await t.h.publish('second');
    const before = t.h.fetches.length;
    for (let i = 0; i < 120; i++) {
      t.h.recover();
      if (i % 3 === 2) t.h.fail('status_5xx');
      else t.h.serve({ keys: [(i % 3 === 0 ? first : second).publicJwk] });
      await Promise.race([t.world.verdict('h', unknownHeader()), t.pass(1)]);
      await t.pass(1);
    }

    const elapsedS = 240;
    const changes = t.world.events.changes('h').length;
    expect(t.h.fetches.length - before).toBeLessThanOrEqual(bound(elapsedS) + 2 * changes);
    const gaps = t.h.fetches.slice(1).map((atMs, i) => atMs - t.h.fetches[i]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2_000);
  });
});
