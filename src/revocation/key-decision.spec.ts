import { describe, expect, it } from 'vitest';
import { isOver, subjectOf, supersedes, type KeyDecision } from './key-decision.js';

const decision = (differences: Partial<KeyDecision> = {}): KeyDecision => ({
  issuerId: 'corp',
  thumbprint: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  verdict: 'denied',
  reason: 'stolen',
  by: 'ops',
  atMs: 1_000,
  ...differences,
});

describe('supersedes', () => {
  it('anything holds where there was nothing', () => {
    expect(supersedes(decision({ verdict: 'allowed' }), undefined)).toBe(true);
  });

  it.each(['denied', 'allowed'] as const)('the later one holds, also over %s', (verdict) => {
    const [earlier, later] = [decision({ verdict }), decision({ atMs: 1_001, verdict: 'allowed' })];
    expect([supersedes(later, earlier), supersedes(earlier, later)]).toEqual([true, false]);
  });

  it('of two of one moment the denial holds, whichever comes first', () => {
    const [denied, allowed] = [decision(), decision({ verdict: 'allowed' })];
    expect([supersedes(denied, allowed), supersedes(allowed, denied)]).toEqual([true, false]);
  });

  it('the same decision again is no news', () => {
    expect(supersedes(decision(), decision())).toBe(false);
  });
});

describe('isOver', () => {
  it.each([
    [undefined, false],
    [1_999, true],
    [2_000, true],
    [2_001, false],
  ])('at 2000 ms, of one that ends at %s: %s', (untilMs, over) => {
    expect(isOver(decision(untilMs === undefined ? {} : { untilMs }), 2_000)).toBe(over);
  });
});

describe('subjectOf', () => {
  it('is one word for each key of each issuer', () => {
    const subjects = [decision(), decision({ issuerId: 'shop' }), decision({ thumbprint: 'A'.repeat(43) })];
    expect(new Set(subjects.map(subjectOf)).size).toBe(3);
    expect(subjectOf(decision({ atMs: 7, verdict: 'allowed', by: 'other' }))).toBe(subjectOf(decision()));
  });
});
