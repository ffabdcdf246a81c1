import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import { KeySource, type Observation, type Validators } from './key-source.js';
import { TimedKeySource } from './timed-key-source.js';

const published: Observation = { kind: 'published', keys: [], dropped: new Map() };

class Source extends KeySource {
  /** What the latest fetch was given. */
  signal: AbortSignal | undefined;

  constructor(private readonly answer: Promise<Observation>) {
    super();
  }

  override fetch(_known: Validators | undefined, signal: AbortSignal): Promise<Observation> {
    this.signal = signal;
    return this.answer;
  }
}

const never = new Promise<Observation>(() => undefined);

describe('TimedKeySource', () => {
  it('leaves nothing behind at a signal that outlives many fetches', async () => {
    const life = new AbortController();
    const source = new TimedKeySource(new Source(Promise.resolve(published)), new FakeClock(), 1_000);
    for (let i = 0; i < 3; i++) expect(await source.fetch(undefined, life.signal)).toBe(published);
    expect(getEventListeners(life.signal, 'abort')).toEqual([]);
  });

  it('ends a fetch at its deadline, and says so to the source', async () => {
    const [clock, slow] = [new FakeClock(), new Source(never)];
    const fetching = new TimedKeySource(slow, clock, 1_000).fetch(undefined, new AbortController().signal);
    const ended = expect(fetching).rejects.toMatchObject({ category: 'timeout' });
    await clock.advance(1_000);
    await ended;
    expect(slow.signal?.aborted).toBe(true);
  });

  it('ends a fetch when it is not wanted any more, also one that begins too late', async () => {
    const [life, slow] = [new AbortController(), new Source(never)];
    const source = new TimedKeySource(slow, new FakeClock(), 1_000);
    const fetching = source.fetch(undefined, life.signal);
    life.abort(new Error('over'));
    await expect(fetching).rejects.toThrow();
    expect(slow.signal?.aborted).toBe(true);
    await expect(source.fetch(undefined, life.signal)).rejects.toThrow();
    expect(getEventListeners(life.signal, 'abort')).toEqual([]);
  });
});
