import { describe, expect, it } from 'vitest';
import { digestOf, type Revocation } from '../tokens/revocation.js';
import { writeRevocation } from '../tokens/written-revocation.js';
import { RecentEvents } from './recent-events.js';

const everything = (): boolean => true;

function text(token: string): string {
  const digest = digestOf({ issuer: 'corp' }, 'token', token);
  const decision: Revocation = {
    issuerId: 'corp',
    kind: 'token',
    digest,
    before: 0,
    verdict: 'revoked',
    at: 1,
    until: 9,
  };
  return writeRevocation(decision);
}

function kept(recent: RecentEvents, ...seqs: readonly number[]): readonly string[] {
  return seqs.map((seq) => recent.keep({ seq, kind: 'revocations', text: text(`token ${seq}`) }));
}

function seqsAfter(recent: RecentEvents, after: number, most = 100): readonly number[] {
  return recent.after(after, everything, most).events.map(({ seq }) => seq);
}

describe('RecentEvents', () => {
  it('gives events in the order of their places, however kinds were read, and none that is not read up to', () => {
    const recent = new RecentEvents();
    kept(recent, 30, 10, 20);
    expect([seqsAfter(recent, 0), recent.latest]).toEqual([[], 0]);
    recent.readTo(25);
    expect([seqsAfter(recent, 0), seqsAfter(recent, 10), recent.latest]).toEqual([[10, 20], [20], 20]);
    recent.readTo(30);
    expect(recent.after(0, everything, 2)).toMatchObject({ next: 20 });
    expect(recent.after(0, ({ seq }) => seq === 10, 9)).toMatchObject({ events: [{ seq: 10 }], next: 30 });
  });

  it('knows the places of entries, the beginning of the list, and no other', () => {
    const recent = new RecentEvents();
    kept(recent, 10, 20, 30);
    recent.readTo(20);
    expect([0, 10, 20].map((seq) => recent.knows(seq))).toEqual([true, true, true]);
    expect([1, 15, 30, 31].map((seq) => recent.knows(seq))).toEqual([false, false, false, false]);
  });

  it('forgets the oldest, and then knows no place before the last that it has forgotten', () => {
    const recent = new RecentEvents(8);
    kept(recent, ...Array.from({ length: 11 }, (_, n) => n + 1));
    recent.readTo(11);
    expect([0, 2, 3, 4].map((seq) => recent.knows(seq))).toEqual([false, false, true, true]);
    expect(seqsAfter(recent, 3)).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
    expect(kept(recent, 2)).toEqual(['known']);
  });

  it('leaves out what is followed by enough, as if it had been forgotten, unless callers were given a place', () => {
    const recent = new RecentEvents();
    kept(recent, 5, 25);
    expect(recent.passOver(20)).toBe(true);
    expect(kept(recent, 20, 30)).toEqual(['known', 'kept']);
    recent.readTo(30);
    expect([5, 20, 25, 30].map((seq) => recent.knows(seq))).toEqual([false, true, true, true]);
    expect(seqsAfter(recent, 20)).toEqual([25, 30]);
    expect([recent.passOver(40), recent.isForgotten(25)]).toEqual([false, false]);
  });

  it('says of an entry that it comes too late, where callers may have read past its place', () => {
    const recent = new RecentEvents();
    expect(kept(recent, 10, 20, 20)).toEqual(['kept', 'kept', 'known']);
    recent.readTo(20);
    expect(kept(recent, 15)).toEqual(['late']);
    // A place that was given again.
    expect(recent.keep({ seq: 20, kind: 'revocations', text: text('another') })).toBe('late');
  });

  it('knows no place of before once entries were lost', () => {
    const recent = new RecentEvents();
    kept(recent, 10, 20);
    recent.readTo(20);
    recent.lose();
    kept(recent, 10);
    recent.readTo(25);
    expect([recent.knows(20), recent.knows(10)]).toEqual([false, true]);
  });

  it('text of another version keeps its place and says nothing', () => {
    const recent = new RecentEvents();
    recent.keep({ seq: 10, kind: 'denials', text: '{"of":"another version"}' });
    recent.readTo(10);
    expect(recent.after(0, everything, 9)).toEqual({ events: [], next: 10 });
    expect(recent.knows(10)).toBe(true);
  });
});
