import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import type { FleetEvent } from './fleet-event.js';
import { LatestEvents, MOST_OF_A_KIND, MOST_OWN } from './latest-events.js';
import { type ReadEvents, SharedEvents } from './shared-events.js';

/** What replicas share, in memory. */
class Shelf extends SharedEvents {
  isAway = false;
  readonly events: FleetEvent[] = [];

  override add(events: readonly FleetEvent[]): Promise<void> {
    if (this.isAway) return Promise.reject(new Error('away'));
    this.events.push(...events);
    return Promise.resolve();
  }

  override read(): Promise<ReadEvents> {
    if (this.isAway) return Promise.reject(new Error('away'));
    return Promise.resolve({ events: this.events, sinceMs: 0 });
  }
}

const denial = { by: 'acting', issuer: 'corp', thumbprint: 'N'.repeat(43), reason: 'stolen', result: 'done' };

describe('the latest events', () => {
  let clock: FakeClock;
  let shelf: Shelf;

  beforeEach(() => {
    clock = new FakeClock();
    shelf = new Shelf();
  });

  const replica = (name: string, isShared = true): LatestEvents => {
    const shared = isShared ? shelf : undefined;
    const events = new LatestEvents({ clock, replica: name, version: '1.0.0', shared });
    events.start();
    return events;
  };
  const kinds = async (events: LatestEvents) => (await events.known()).events.map(({ kind }) => kind);

  it('are the same at every replica, and what several saw is one event with the names of all', async () => {
    const [first, second] = [replica('a'), replica('b')];
    first.keep('admin_deny', denial);
    first.keep('configuration_loaded', { digest: 'd1' });
    await clock.advance(1_000);
    second.keep('configuration_loaded', { digest: 'd1' });
    await clock.advance(1_000);
    const known = await second.known();
    expect(known).toEqual(await first.known());
    expect(known).toMatchObject({
      others: 'read',
      events: [
        { kind: 'configuration_loaded', replicas: ['a', 'b'] },
        { kind: 'admin_deny', replicas: ['a'], fields: { by: 'acting', reason: 'stolen' } },
        { kind: 'replica_started', replicas: ['a', 'b'] },
      ],
    });
  });

  it('are those of this replica alone while the others cannot be asked, and are shared once they can be', async () => {
    shelf.isAway = true;
    const [first, second] = [replica('a'), replica('b')];
    first.keep('admin_deny', denial);
    await clock.advance(1_000);
    expect(await first.known()).toMatchObject({ others: 'unknown' });
    expect(await kinds(first)).toContain('admin_deny');
    shelf.isAway = false;
    await clock.advance(10_000);
    expect(await kinds(second)).toContain('admin_deny');
    expect(shelf.events).toHaveLength(3);
  });

  it('have nothing of a record but what is listed for it, and no name that is none', async () => {
    const events = replica('a', false);
    events.keep('admin_deny', {
      ...denial,
      bySubHash: 'subject-hash',
      source: '10.1.2.3',
      issuer: 'secret with spaces',
    });
    events.keep('decision', { caller: 'orders' });
    const { events: known, others } = await events.known();
    expect(others).toBe('none');
    const { by, thumbprint, reason, result } = denial;
    expect(known.map(({ kind, fields }) => [kind, fields])).toEqual([
      ['admin_deny', { by, result, thumbprint, reason }],
      ['replica_started', { version: '1.0.0' }],
    ]);
  });

  it('keep what an operator did beside a thousand keys that are seen for the first time, and say that more happened', async () => {
    const events = replica('a', false);
    events.keep('admin_deny', denial);
    for (let n = 0; n < 1_000; n++) events.keep('key_added', { issuer: `tenant-${n}` });
    const all = await kinds(events);
    expect(all.filter((kind) => kind === 'key_added')).toHaveLength(MOST_OF_A_KIND);
    expect(all.filter((kind) => kind === 'more_left_out')).toHaveLength(1);
    expect(all).toContain('admin_deny');
  });

  it('are bounded, and say from when on none is missing', async () => {
    const events = replica('a', false);
    for (let n = 0; n < MOST_OWN + 10; n++) {
      events.keep('admin_refresh', { by: 'acting', issuer: `i${n}`, result: 'done' });
      await clock.advance(60_000);
    }
    const { events: known, sinceMs } = await events.known();
    expect(known).toHaveLength(MOST_OWN);
    expect(sinceMs).toBe(known.at(-1)?.atMs);
  });
});
