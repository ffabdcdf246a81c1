import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { AnswerMemory } from './answer-memory.js';

const good = (bytes = 100) => ({ active: true, claims: {}, bytes }) as const;
const ended = { active: false } as const;

describe('AnswerMemory', () => {
  let memory: AnswerMemory;
  let clock: FakeClock;

  beforeEach(() => {
    clock = new FakeClock();
    memory = new AnswerMemory(clock, { bytes: 10_000, bytesOfCaller: 5_000 });
  });

  const put = (
    name: string,
    answer: Parameters<AnswerMemory['remember']>[1],
    caller = 'orders',
    lifeMs = 10_000,
  ): void => {
    memory.remember(name, answer, { caller, lifeMs });
  };

  it('remembers for so long and no longer, and not at all where there is no time', async () => {
    put('a', good());
    put('b', good(), 'orders', 0);
    put('c', good(), 'orders', Number.NaN);
    expect([memory.find('a'), memory.find('b'), memory.find('c')]).toEqual([good(), undefined, undefined]);
    await clock.advance(10_000);
    expect(memory.find('a')).toBeUndefined();
    expect(memory.size).toEqual({ entries: 0, bytes: 0 });
  });

  it('OPQ-07 a scan for tokens cannot push good answers out', () => {
    put('good', good());
    for (let i = 0; i < 1_000; i++) put(`guess-${i}`, ended, `caller-${i % 50}`);
    expect(memory.find('good')).toEqual(good());
  });

  it('OPQ-07 a caller cannot push out what others have asked about', () => {
    put('of-billing', good(), 'billing');
    for (let i = 0; i < 1_000; i++) put(`of-orders-${i}`, good(), 'orders');
    expect(memory.find('of-billing')).toEqual(good());
    expect(memory.find('of-orders-999')).toEqual(good());
    expect(memory.find('of-orders-1')).toBeUndefined();
    expect(memory.size.bytes).toBeLessThanOrEqual(10_000);
  });

  it('forgets the least lately used answer first, and counts what it takes', () => {
    for (let i = 0; i < 7; i++) put(`name-${i}`, good());
    memory.find('name-0');
    put('name-7', good());
    expect(memory.find('name-0')).toEqual(good());
    expect(memory.find('name-1')).toBeUndefined();
    for (let i = 0; i < 8; i++) memory.forget(`name-${i}`);
    expect(memory.size).toEqual({ entries: 0, bytes: 0 });
  });

  it('says what it forgets before its time, and nothing of what was over', async () => {
    const displaced: string[] = [];
    memory = new AnswerMemory(clock, { bytes: 10_000, bytesOfCaller: 5_000 }, (kind) => void displaced.push(kind));
    // Room for nineteen of these, and seven of those.
    for (let i = 0; i < 20; i++) put(`guess-${i}`, ended);
    for (let i = 0; i < 8; i++) put(`name-${i}`, good());
    expect(displaced).toEqual(['inactive', 'active']);
    memory.forget('name-1');
    await clock.advance(10_000);
    for (let i = 20; i < 40; i++) put(`guess-${i}`, ended);
    expect(displaced).toEqual(['inactive', 'active', 'inactive']);
  });

  it('knows a token by a name that nobody else can make, and that is another for another issuer', () => {
    const other = new AnswerMemory(clock);
    expect(memory.nameOf('corp', 'token')).toBe(memory.nameOf('corp', 'token'));
    expect(memory.nameOf('corp', 'token')).not.toBe(other.nameOf('corp', 'token'));
    expect(memory.nameOf('corp', 'token')).not.toBe(memory.nameOf('corpt', 'oken'));
  });
});
