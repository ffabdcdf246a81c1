import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { POLL_MS } from '../../src/changes/change-store.js';
import { MOST_POLLS, MOST_POLLS_OF_A_CALLER } from '../../src/introspection/events/open-polls.js';
import { digestOf, type RevocationKind } from '../../src/revocation/tokens/revocation.js';
import type { JsonObject } from '../../src/shared/json-value.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { MemoryChangeStore } from '../fakes/memory-change-store.js';
import { caller, clerk, corp, EventReplica, refusal, shop, type Answer } from './support/event-replica.js';

describe('what callers hear of revocations (OUT-02)', () => {
  let clock: FakeClock;
  let store: MemoryChangeStore;
  let here: EventReplica;
  let there: EventReplica;
  const replicas: EventReplica[] = [];

  const start = async (): Promise<EventReplica> => {
    const replica = await EventReplica.start(store, clock);
    replicas.push(replica);
    return replica;
  };

  beforeEach(async () => {
    clock = new FakeClock();
    store = new MemoryChangeStore(() => clock.wallMs());
    [here, there] = [await start(), await start()];
    await here.revoke('token', 'of long ago');
    await clock.advance(POLL_MS);
  });

  afterEach(() => {
    for (const replica of replicas.splice(0)) replica.stop();
  });

  it('in the order in which they were decided, wherever that was, and the same at every replica', async () => {
    const { next: begin } = await here.events();
    await here.revoke('token', 'one');
    const session = await there.revoke('session', 's1');
    await here.revoke('subject', 'anna');
    await clock.advance(POLL_MS);
    await there.allow(session);
    await clock.advance(POLL_MS);
    const { events, next } = await here.events(begin);
    const words = events.map(({ kind, verdict }) => `${kind} ${verdict}`);
    expect(words).toEqual(['token revoked', 'session revoked', 'subject revoked', 'session allowed']);
    expect(events.map(({ seq }) => seq)).toEqual(events.map(({ seq }) => seq).toSorted((a, b) => a - b));
    expect(await there.events(begin)).toEqual({ events, next });
    expect(await there.events(events[1]!.seq)).toEqual({ events: events.slice(2), next });
    expect(await there.events(next)).toEqual({ events: [], next });
  });

  it('of their own issuers alone, and only as much of a subject as they may see', async () => {
    const { next } = await here.events();
    await here.revoke('subject', 'anna');
    await here.revoke('session', 's1');
    await here.revoke('client', 'app');
    await here.revoke('subject', 'berta', shop);
    await here.revoke('issuer', '', shop);
    await clock.advance(POLL_MS);
    const before = Math.floor(clock.wallMs() / 1_000) - 2;
    const digest = (kind: RevocationKind, value: string): string =>
      digestOf({ issuer: 'corp' }, kind, value).toString('base64url');
    const head = { verdict: 'revoked', issuer: 'corp', iss: corp.issuer };
    const subject = { ...head, kind: 'subject', before, claim: 'sub', digest: digest('subject', 'anna') };
    const client = { ...head, kind: 'client', before, claim: 'client_id', digest: digest('client', 'app') };
    const bare = ({ events }: Answer): readonly JsonObject[] =>
      events.map((event) => Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'seq')));
    expect(bare(await here.events(next))).toEqual([
      subject,
      { ...head, kind: 'session', claim: 'sid', digest: digest('session', 's1') },
      client,
    ]);
    const foreign = { verdict: 'revoked', issuer: 'shop', iss: shop.issuer, before };
    // It may see `sub`, and neither `sid` nor `oid`.
    expect(bare(await here.events(next, 0, clerk))).toEqual([
      subject,
      { ...head, kind: 'session' },
      client,
      { ...foreign, kind: 'subject' },
      { ...foreign, kind: 'issuer' },
    ]);
  });

  it('a caller that waits gets an event of another replica with its poll, and one of another issuer does not wake it', async () => {
    const { next } = await here.events();
    let answer: Answer | undefined;
    const waiting = here.events(next, 30).then((got) => (answer = got));
    await there.revoke('token', 'foreign', shop);
    await clock.advance(POLL_MS);
    expect(answer).toBeUndefined();
    await there.revoke('token', 'one');
    await clock.advance(POLL_MS);
    expect((await waiting).events).toMatchObject([{ kind: 'token', issuer: 'corp' }]);
    expect(here.polls.size).toBe(0);
  });

  it('after the time that it waits it gets nothing, and a place from which it misses nothing', async () => {
    const { next } = await here.events();
    const waiting = here.events(next, 30);
    await clock.advance(29_000);
    expect(here.polls.size).toBe(1);
    await there.revoke('token', 'foreign', shop);
    await clock.advance(2_000);
    const answer = await waiting;
    expect(answer.events).toEqual([]);
    await there.revoke('token', 'one');
    await clock.advance(POLL_MS);
    expect((await here.events(answer.next)).events).toHaveLength(1);
  });

  it('a replica that has not read so far yet waits for the place that another one has given', async () => {
    await clock.advance(POLL_MS / 2);
    const late = await start();
    await clock.advance(100);
    await here.revoke('token', 'one');
    await clock.advance(POLL_MS / 2);
    const { next } = await here.events();
    let answer: Answer | undefined;
    void late.events(next).then((got) => (answer = got));
    await clock.advance(100);
    expect(answer).toBeUndefined();
    await clock.advance(POLL_MS);
    expect(answer).toEqual({ events: [], next });
  });

  it.each(['1', '1764504000000001', '9007199254740991'])(
    'a place that nobody has given is not known: %s',
    async (after) => {
      const answer = refusal(here.events(Number(after), 1));
      await clock.advance(6_000);
      expect(await answer).toBe(410);
    },
  );

  it('what a failover takes away makes places of after it unknown, at replicas that live and at those that start', async () => {
    const earlier = store.snapshot();
    const { next: old } = await here.events();
    await here.revoke('token', 'one');
    await clock.advance(POLL_MS);
    const { next: lost } = await here.events();
    const waiting = refusal(here.events(lost, 30));
    for (const replica of replicas) replica.stop();
    store.restore(earlier);
    const [fresh] = [await start()];
    const asked = refusal(fresh.events(lost));
    await clock.advance(6_000);
    expect(await asked).toBe(410);
    expect(await refusal(fresh.events(old))).toBe(200);
    await clock.advance(30_000);
    // It could not read the log any more, and says so rather than nothing.
    expect(await waiting).toBe(503);
  });

  it('what a failover takes, and a replica brings back, comes again; nobody is told that there was nothing', async () => {
    const earlier = store.snapshot();
    const { next: old } = await here.events();
    await here.revoke('token', 'one');
    await clock.advance(POLL_MS);
    const { next: lost } = await here.events();
    store.restore(earlier);
    const waiting = refusal(here.events(lost, 30));
    const elsewhere = there.events(lost, 30);
    await clock.advance(3 * POLL_MS);
    // It has seen the loss. The other one has read all that there was, and then what was brought back.
    expect(await waiting).toBe(410);
    expect((await elsewhere).events).toMatchObject([{ kind: 'token' }]);
    expect((await here.events(old)).events).toMatchObject([{ kind: 'token' }]);
  });

  it('a decision that was put where others have read on is moved to where they will read it', async () => {
    const { next: begin } = await here.events();
    await here.revoke('token', 'one');
    await clock.advance(POLL_MS);
    const { next } = await here.events(begin);
    // A server whose clock is behind, and that has lost the latest entry, gives an earlier place to another one.
    const { last, lists } = store.snapshot();
    const [, latest] = [...lists.get('revocations')!].sort(([, one], [, other]) => one - other);
    const moved = new Map([...lists.get('revocations')!, [latest![0], begin + 1]]);
    store.restore({ last, lists: new Map([...lists, ['revocations', moved]]) });
    await clock.advance(31_000);
    const { events } = await here.events(next);
    expect(events).toMatchObject([{ kind: 'token', verdict: 'revoked' }]);
  });

  it('whoever cannot read the log does not say that nothing was decided', async () => {
    const { next } = await here.events();
    const read = store.read.bind(store);
    store.read = () => Promise.reject(new Error('away'));
    const waiting = refusal(here.events(next, 30));
    await clock.advance(16_000);
    expect([await refusal(here.events(next)), await refusal(here.events())]).toEqual([503, 503]);
    await clock.advance(15_000);
    expect(await waiting).toBe(503);
    store.read = read;
    await clock.advance(POLL_MS);
    expect(await refusal(here.events(next))).toBe(200);
  });

  it('ten thousand that want to wait: so many of a caller and so many in all do, and the places of those who leave are free', async () => {
    const { next } = await here.events();
    const gone = new AbortController();
    const ask = (n: number): Promise<number> => {
      const id = `caller ${n % 20}`;
      return refusal(here.events(next, 30, { ...caller, id }, gone.signal));
    };
    const all = Array.from({ length: 10_000 }, (_, n) => ask(n));
    expect(here.polls.size).toBe(MOST_POLLS);
    expect(await refusal(here.events(next, 0))).toBe(200);
    gone.abort();
    const statuses = await Promise.all(all);
    const count = (status: number): number => statuses.filter((each) => each === status).length;
    expect([count(200), count(429) + count(503)]).toEqual([MOST_POLLS, 10_000 - MOST_POLLS]);
    expect([here.polls.size, clock.timers]).toEqual([0, expect.any(Number)]);

    const greedy = Array.from({ length: MOST_POLLS_OF_A_CALLER + 5 }, () => refusal(here.events(next, 30)));
    expect(here.polls.size).toBe(MOST_POLLS_OF_A_CALLER);
    here.polls.end();
    const ends = await Promise.all(greedy);
    expect(ends.filter((status) => status === 429)).toHaveLength(5);
    // Whoever comes later is answered at once.
    expect(await here.events(next, 30)).toEqual({ events: [], next });
    expect(here.polls.size).toBe(0);
  });
});
