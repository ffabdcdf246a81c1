import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import { RecordingAudit } from '../../../test/fakes/recording-audit.js';
import { MOST_REFUSALS, RefusalTally, TALLY_MS } from './refusal-tally.js';

const since = '2026-11-21T12:00:00.000Z';

describe('RefusalTally', () => {
  let audit: RecordingAudit;
  let clock: FakeClock;
  let tally: RefusalTally;

  beforeEach(() => {
    audit = new RecordingAudit();
    clock = new FakeClock();
    tally = new RefusalTally(audit, clock);
  });

  const expired = (jtiHash: string) => ({ door: 'http', caller: 'orders', reason: 'expired', jtiHash });
  const garbage = { door: 'http', caller: 'orders', reason: 'malformed' };

  it('writes a signed token down when it is first refused, and how often it was refused again', async () => {
    for (let i = 0; i < 5; i++) tally.write(expired('a'));
    tally.write(expired('b'));
    expect(audit.records).toEqual([
      { action: 'decision', fields: expired('a'), weight: 'evidence' },
      { action: 'decision', fields: expired('b'), weight: 'evidence' },
    ]);
    await clock.advance(TALLY_MS);
    expect(audit.records.slice(2)).toEqual([
      { action: 'decisions_refused', fields: { ...expired('a'), count: 4, since }, weight: 'evidence' },
    ]);
    expect(clock.timers).toBe(0);
    tally.write(expired('a'));
    expect(audit.records.at(-1)).toEqual({ action: 'decision', fields: expired('a'), weight: 'evidence' });
  });

  it('only counts what anybody can make up', async () => {
    for (let i = 0; i < 100_000; i++) tally.count({ ...garbage });
    expect(audit.records).toEqual([]);
    await clock.advance(TALLY_MS);
    expect(audit.records).toEqual([
      { action: 'decisions_refused', fields: { ...garbage, count: 100_000, since }, weight: 'evidence' },
    ]);
  });

  it('tells only so many apart: the others are counted by endpoint and reason, so that nothing is missing', async () => {
    const more = 500;
    for (let i = 0; i < MOST_REFUSALS + more; i++) tally.write(expired(String(i)));
    for (let i = 0; i < more; i++) tally.count({ ...garbage, caller: `caller-${i}` });
    expect(audit.records).toHaveLength(MOST_REFUSALS);
    await clock.advance(TALLY_MS);
    expect(audit.records.slice(MOST_REFUSALS).map(({ fields }) => fields)).toEqual([
      { door: 'http', reason: 'expired', count: more, since },
      { door: 'http', reason: 'malformed', count: more, since },
    ]);
  });

  it('writes what it has counted when it is told to', () => {
    tally.count(garbage);
    tally.flush();
    expect(audit.actions).toEqual(['decisions_refused']);
    expect(clock.timers).toBe(0);
    tally.flush();
    expect(audit.records).toHaveLength(1);
  });
});
