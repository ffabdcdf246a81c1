import { beforeEach, describe, expect, it } from 'vitest';
import { anIssuer } from '../../test/builders/an-issuer.js';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import type { Caller } from '../callers/caller.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import { AdminUses } from './admin-uses.js';
import { nameOf, SharedUses, type StoredUse, type Subject } from './shared-uses.js';
import { UseCounter } from './use-counter.js';
import type { UseRecord } from './use-record.js';
import { UseWatch, WATCH_EVERY_MS } from './use-watch.js';

/** What several watches share in one process; counts what it is asked. */
class SharedMemory extends SharedUses {
  readonly records = new Map<string, UseRecord>();
  calls = 0;
  isAway = false;

  override read(subjects: readonly Subject[]): Promise<readonly (StoredUse | undefined)[]> {
    if (this.isAway) return Promise.reject(new Error('away'));
    this.calls++;
    const records = subjects.map((each) => this.records.get(nameOf(each)));
    return Promise.resolve(records.map((record) => record && { record, isSealedByOlderKey: false }));
  }

  override write(records: readonly (readonly [Subject, UseRecord])[]): Promise<void> {
    this.calls++;
    for (const [subject, record] of records) this.records.set(nameOf(subject), record);
    return Promise.resolve();
  }
}

const minute = 60_000;
const corp = anIssuer();
const orders: Caller = { id: 'orders', issuers: 'any', audiences: 'any', claims: 'any' };
const subjects: Subject[] = [
  { kind: 'issuer', id: 'corp' },
  { kind: 'caller', id: 'orders' },
];
const token = (claims: object = {}, keyThumbprint = 'key') =>
  ({ header: {}, claims, keyThumbprint }) as unknown as VerifiedJwt;

describe('UseWatch', () => {
  let clock: FakeClock;
  let shared: SharedMemory;

  beforeEach(() => {
    clock = new FakeClock();
    shared = new SharedMemory();
  });

  function replica(options: { alone?: boolean; of?: readonly Subject[]; keys?: () => string[] | undefined } = {}) {
    const { alone = false, of = subjects, keys = () => ['key', 'spare'] } = options;
    const counter = new UseCounter();
    const callers = new Set<string>();
    const admins = new AdminUses();
    const watch = new UseWatch({
      counter,
      takeCallers: () => {
        const taken = [...callers];
        callers.clear();
        return taken;
      },
      admins,
      watchable: {
        subjects: () => of,
        partsOf: ({ kind }, nowMs) => {
          const names = kind === 'issuer' ? keys() : ['corp'];
          return names && new Map(names.map((name) => [name, nowMs]));
        },
      },
      ...(!alone && { shared }),
      clock,
    });
    watch.start();
    const ask = (claims?: object): void => {
      callers.add('orders');
      counter.used(orders, corp, token(claims));
    };
    return { watch, ask, issuer: () => watch.recordOf(subjects[0]!), caller: () => watch.recordOf(subjects[1]!) };
  }

  it('knows at the next turn which issuer, key, caller and right was used, and how long the token lives', async () => {
    const { ask, issuer, caller } = replica({ alone: true });
    await clock.advance(minute);
    const sinceMs = clock.wallMs() - minute;
    ask({ iat: 100, exp: 160 });
    await clock.advance(WATCH_EVERY_MS);
    const lastMs = clock.wallMs();
    expect(issuer()).toEqual({
      sinceMs,
      lastMs,
      parts: new Map([
        ['key', { sinceMs, lastMs }],
        ['spare', { sinceMs }],
      ]),
      longest: { seconds: 60, atMs: lastMs },
    });
    expect(caller()).toEqual({ sinceMs, lastMs, parts: new Map([['corp', { sinceMs, lastMs }]]) });
  });

  it('is one picture for all replicas within a minute, and outlives them', async () => {
    const [one, other] = [replica(), replica()];
    await clock.advance(minute);
    one.ask();
    await clock.advance(minute);
    expect(other.issuer().lastMs).toBeDefined();
    expect(other.issuer()).toEqual(one.issuer());
    clock.stepWall(20 * 24 * 60 * minute);
    await clock.advance(minute);
    other.ask();
    await Promise.all([one.watch.stop(), other.watch.stop()]);
    const lastMs = other.caller().lastMs!;

    const later = replica();
    await clock.advance(0);
    expect(later.caller()).toMatchObject({ lastMs });
    expect(later.caller().sinceMs).toBeLessThan(lastMs - 20 * 24 * 60 * minute);
    await later.watch.stop();
  });

  it('keeps what is known of keys while a replica that starts knows none, and loses nothing by writing', async () => {
    const first = replica();
    await clock.advance(minute);
    first.ask();
    await first.watch.stop();
    const keys: string[] = [];
    const second = replica({ keys: () => (keys.length > 0 ? keys : undefined) });
    second.ask();
    await clock.advance(10 * minute);
    keys.push('key');
    expect(second.issuer().parts.get('key')).toEqual(first.issuer().parts.get('key'));
  });

  it('asks for no more, however much is used, and says so while Redis is away; then it makes up for it', async () => {
    const { watch, ask, issuer } = replica();
    await clock.advance(minute);
    const { calls } = shared;
    for (let i = 0; i < 10_000; i++) ask();
    await clock.advance(minute);
    expect(shared.calls - calls).toBeLessThanOrEqual((2 * minute) / WATCH_EVERY_MS);

    shared.isAway = true;
    ask({ iat: 0, exp: 99 });
    await clock.advance(minute);
    expect(watch.isShared).toBe(false);
    expect(issuer().longest).toMatchObject({ seconds: 99 });
    expect(shared.records.get('issuer corp')?.longest).toBeUndefined();
    shared.isAway = false;
    await clock.advance(minute);
    expect(watch.isShared).toBe(true);
    expect(shared.records.get('issuer corp')?.longest).toMatchObject({ seconds: 99 });
  });

  it('shares two thousand by as few commands as two, and watches no more', async () => {
    const many = [...Array(2_100).keys()].map((i): Subject => ({ kind: 'caller', id: `caller-${i}` }));
    const { watch } = replica({ of: many });
    await clock.advance(2 * minute);
    expect(shared.records.size).toBe(2_000);
    expect(shared.calls).toBeLessThanOrEqual(2 * (1 + (2 * minute) / WATCH_EVERY_MS));
    expect(watch.notWatched).toBe(100);
  });
});
