import { describe, expect, it } from 'vitest';
import { RecentUses } from './recent-uses.js';

const uses = () => new RecentUses({ total: 4, perUser: 2, slotMs: 10 });

describe('RecentUses', () => {
  it('knows a use until its time, whatever time a second one would have', () => {
    const recent = uses();
    expect(recent.add('a', 'u', { untilMs: 25, nowMs: 0 })).toBe('first');
    expect(recent.add('a', 'u', { untilMs: 95, nowMs: 1 })).toBe('repeated');
    expect(recent.add('a', 'v', { untilMs: 25, nowMs: 25 })).toBe('repeated');
    expect(recent.add('a', 'u', { untilMs: 60, nowMs: 30 })).toBe('first');
  });

  it('is full for one user before it is for all, forgets nothing, and has room again when time has passed', () => {
    const recent = uses();
    const add = (name: string, user: string, nowMs = 0) => recent.add(name, user, { untilMs: nowMs + 20, nowMs });
    expect([add('a', 'u'), add('b', 'u'), add('c', 'u')]).toEqual(['first', 'first', 'full']);
    expect([add('d', 'v'), add('e', 'w'), add('f', 'x')]).toEqual(['first', 'first', 'full']);
    expect([add('a', 'u'), recent.sizeAt(0)]).toEqual(['repeated', 4]);
    expect([recent.sizeAt(30), add('f', 'x', 30)]).toEqual([0, 'first']);
  });
});
