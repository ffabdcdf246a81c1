import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultFreshness } from '../../src/issuers/freshness.config.js';
import type { KeyStore, FetchKind } from '../../src/keys/store/key-store.js';
import { timingOf, type KeyTiming } from '../../src/keys/key-timing.js';
import { MemoryKeyStore } from '../../src/keys/store/memory-key-store.js';
import type { RedisLink } from '../../src/redis/redis-link.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { aRedisKeyStore, connectedLink, StoreTime } from '../redis/a-redis-key-store.js';
import { RedisServer } from '../redis/redis-server.js';
import { draftAt } from './key-store-probe.js';

const hour = 3_600_000;
const timings = [
  timingOf(defaultFreshness),
  timingOf({ ...defaultFreshness, missBurst: 1, refreshMs: 7_000, minSpacingMs: 1_500 }),
  timingOf({ ...defaultFreshness, missCooldownMs: 4_000 }),
];
const sources = ['s', 't'];

/** A clock that goes where the test moves it, backwards as well: Redis fails over to a host that is behind. */
class MovedClock extends FakeClock {
  constructor(private readonly time: StoreTime) {
    super();
  }

  override monoMs(): number {
    return this.time.ms;
  }
}

/** One step of a history. A `pick` is the record's fence, one of those granted so far, or one that never was. */
type Step =
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'ask'; readonly kind: FetchKind; readonly known: number; readonly dueAfterMs: number }
  | { readonly do: 'push'; readonly agoMs: number }
  | { readonly do: 'commit'; readonly pick: number; readonly base: number; readonly agoMs: number }
  | { readonly do: 'fail'; readonly pick: number; readonly retryAfterMs: number; readonly isAbandoned: boolean }
  /** Several fetches in a row, each `everyMs` after the one before: those before `failing` fail, the rest succeed. */
  | {
      readonly do: 'series';
      readonly kinds: readonly FetchKind[];
      readonly everyMs: number;
      readonly retryAfterMs: number;
      readonly failing: number;
    };

/** Stands for the fence of the record. */
const RECORD = -1;
const pick = fc.oneof(fc.constant(RECORD), fc.nat({ max: 3 }));
const fence = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: pick });
const agoMs = fc.constantFrom(-hour, 0, 1, hour, 5 * hour);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 0, max: 9_000 }) },
        { weight: 2, arbitrary: fc.integer({ min: 0, max: 400_000 }) },
        { weight: 1, arbitrary: fc.constantFrom(-31 * hour, -hour, -7_000, -0.25, 0.5) },
      ),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      kind: fc.constantFrom<FetchKind>('refresh', 'confirm', 'miss'),
      known: pick,
      dueAfterMs: fc.constantFrom(0, 5_000, 270_000.5),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('push' as const), agoMs }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('commit' as const), pick: fence, base: pick, agoMs }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      pick: fence,
      retryAfterMs: fc.constantFrom(0, 1_234.5, 300_000),
      isAbandoned: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('series' as const),
      kinds: fc.array(fc.constantFrom<FetchKind>('refresh', 'miss', 'miss'), { minLength: 1, maxLength: 6 }),
      everyMs: fc.constantFrom(2_000, 4_000, 9_999, 10_000.5, 30_000),
      retryAfterMs: fc.constantFrom(0, 0, 0, 25_000.5),
      failing: fc.constantFrom(0, 3, 5, 6),
    }),
  },
);
const history = fc.array(
  fc.record({
    step,
    source: fc.constantFrom(...sources),
    timing: fc.constantFrom(...timings),
    random: fc.double({ min: 0, max: 0.999, noNaN: true }),
  }),
  { minLength: 1, maxLength: 60, size: 'max' },
);

/** A store with the fences that it granted, youngest first. */
class Actor {
  private readonly fences = new Map<string, number[]>();
  private readonly committed = new Map<string, number>();

  constructor(
    private readonly store: KeyStore,
    private readonly time: StoreTime,
  ) {}

  async take({ step, source, timing }: { step: Step; source: string; timing: KeyTiming }): Promise<unknown> {
    const nowMs = this.time.ms;
    switch (step.do) {
      case 'pass':
        return undefined;
      case 'ask': {
        const { kind, dueAfterMs } = step;
        return this.ask(source, { kind, dueAfterMs, timing, knownFence: this.fence(source, step.known) });
      }
      case 'push':
        return this.ask(source, { kind: 'push', validatedAtMs: nowMs - step.agoMs });
      case 'commit': {
        const [fence, baseFence] = [this.fence(source, step.pick), this.fence(source, step.base)];
        const draft = draftAt(nowMs - step.agoMs, `of ${fence}`);
        const verdict = await this.store.commit(source, { fence, baseFence, draft, hardTtlMs: timing.hardTtlMs });
        if (verdict === 'OK') this.committed.set(source, fence);
        return { verdict };
      }
      case 'fail': {
        const { retryAfterMs, isAbandoned } = step;
        return this.store.fail(source, { fence: this.fence(source, step.pick), timing, retryAfterMs, isAbandoned });
      }
      case 'series':
        return this.takeSeries(source, step, timing);
    }
  }

  /** The time of both actors is one: each gives back what it took of it. */
  async takeSeries(
    source: string,
    { kinds, everyMs, retryAfterMs, failing }: Extract<Step, { do: 'series' }>,
    timing: KeyTiming,
  ) {
    const sinceMs = this.time.ms;
    const answers: { readonly verdict: string; readonly pauseMs?: number }[] = [];
    for (const [i, kind] of kinds.entries()) {
      this.time.ms += everyMs;
      const knownFence = this.fence(source, RECORD);
      const verdict = await this.ask(source, { kind, dueAfterMs: 0, timing, knownFence });
      answers.push(verdict);
      if (verdict.verdict !== 'GRANT') continue;
      const { fence, baseFence, atMs } = verdict;
      if (i >= failing) {
        const draft = draftAt(atMs, `of ${fence}`);
        const stored = await this.store.commit(source, { fence, baseFence, draft, hardTtlMs: timing.hardTtlMs });
        if (stored === 'OK') this.committed.set(source, fence);
      } else
        answers.push({ verdict: 'failed', pauseMs: await this.store.fail(source, { fence, timing, retryAfterMs }) });
    }
    const endedMs = this.time.ms;
    this.time.ms = sinceMs;
    return { answers, endedMs };
  }

  private async ask(source: string, request: Parameters<KeyStore['acquire']>[1]) {
    const verdict = await this.store.acquire(source, request);
    if (verdict.verdict === 'GRANT') this.fences.set(source, [verdict.fence, ...(this.fences.get(source) ?? [])]);
    return verdict;
  }

  private fence(source: string, pick: number): number {
    if (pick === RECORD) return this.committed.get(source) ?? 0;
    return this.fences.get(source)?.[pick] ?? 0;
  }
}

describe('the scripts in Redis', () => {
  let server: RedisServer;
  let link: RedisLink;

  beforeAll(async () => {
    server = await RedisServer.start();
    link = await connectedLink({ url: server.url });
  });

  afterAll(async () => {
    await link.close();
    await server.stop();
  });

  it('I8 decide as the code for one process does, in any history, whatever the clock does', async () => {
    const seen = new Set<unknown>();
    await fc.assert(
      fc.asyncProperty(history, async (events) => {
        await link.client.flushall();
        const time = new StoreTime();
        let chance = 0;
        const random = () => chance;
        const memory = new MemoryKeyStore(new MovedClock(time), random);
        const redis = aRedisKeyStore(link, { nowMs: time.now, random });
        const [one, other] = [new Actor(memory, time), new Actor(redis, time)];
        for (const event of events) {
          chance = event.random;
          if (event.step.do === 'pass') time.ms += event.step.ms;
          const expected = await one.take(event);
          expect(await other.take(event)).toEqual(expected);
          expect(await redis.load(event.source)).toEqual(await memory.load(event.source));
          seen.add((expected as { verdict?: string } | undefined)?.verdict);
          if (event.step.do !== 'series') continue;
          const { answers, endedMs } = expected as Awaited<ReturnType<Actor['takeSeries']>>;
          for (const { verdict } of answers) seen.add(verdict);
          time.ms = endedMs;
        }
      }),
      { numRuns: 200 },
    );
    const verdicts = ['GRANT', 'NEWER', 'OLDER', 'BUSY', 'BACKOFF', 'SPACED', 'FRESH', 'LIMITED'];
    expect([...seen]).toEqual(expect.arrayContaining([...verdicts, 'OK', 'STALE', 'REBASE', 'TOO_OLD']));
  }, 120_000);
});
