import { describe, expect, it } from 'vitest';
import { eventsQuery } from './events-query.js';

describe('eventsQuery', () => {
  it('reads a place, and how long to wait', () => {
    expect(eventsQuery('/events')).toEqual({ waitMs: 0 });
    expect(eventsQuery('/events?after=0')).toEqual({ after: 0, waitMs: 0 });
    expect(eventsQuery('/events?wait=30&after=1764504000000001')).toEqual({ after: 1764504000000001, waitMs: 30_000 });
  });

  it.each([
    'after=-1',
    'after=+1',
    'after=1e3',
    'after=0x10',
    'after=007',
    'after=',
    'after',
    'after=1.5',
    'after=99999999999999999',
    'after=9007199254740992',
    'after=%D9%A3',
    'after=1&after=2',
    'afer=1',
    'token=x',
    'after=0&wait=31',
    'after=0&wait=-1',
  ])('refuses what can be read in another way, or not at all: %s', (query) => {
    expect(() => eventsQuery(`/events?${query}`)).toThrow(expect.objectContaining({ status: 400 }) as Error);
  });
});
