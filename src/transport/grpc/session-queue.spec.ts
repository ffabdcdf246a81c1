import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { SessionQueue } from './session-queue.js';

interface Arrival {
  readonly remoteAddress: string;
  readonly name: string;
}

let begun: string[];
let queue: SessionQueue<Arrival>;
let nowMs: number;
const clock = { monoMs: () => nowMs };

beforeEach(() => {
  const ofThisTest: string[] = [];
  begun = ofThisTest;
  nowMs = 0;
  queue = new SessionQueue(({ name }) => ofThisTest.push(name), clock);
});

function arrive(...arrivals: readonly (readonly [name: string, remoteAddress: string])[]): void {
  for (const [name, remoteAddress] of arrivals) queue.add({ name, remoteAddress });
}

async function turns(number: number): Promise<string[]> {
  for (let i = 0; i < number; i++) await turn();
  return begun;
}

describe('new connections', () => {
  it('get their session at once while nobody waits', async () => {
    arrive(['a', '192.0.2.1']);
    expect(begun).toEqual(['a']);
    await turns(1);
    arrive(['b', '192.0.2.1']);
    expect(begun).toEqual(['a', 'b']);
  });

  it('get it for as long in a turn as all else took, so that many calls do not keep them out', async () => {
    const each: string[] = [];
    const slow = new SessionQueue<Arrival>(({ name }) => {
      each.push(name);
      nowMs += 1;
    }, clock);
    for (let i = 0; i < 9; i++) slow.add({ name: `${i}`, remoteAddress: '192.0.2.1' });
    expect(each).toHaveLength(1);
    nowMs += 5;
    await turn();
    expect(each).toHaveLength(6);
    // One in each turn again.
    await turns(3);
    expect(each).toHaveLength(9);
  });

  it('get it one in a turn of the event loop where nothing else takes time', async () => {
    arrive(...Array.from({ length: 100 }, (_, i) => [`${i}`, `192.0.2.${i}`] as const));
    expect(begun).toHaveLength(1);
    expect(await turns(1)).toHaveLength(2);
    expect(await turns(10)).toHaveLength(12);
    expect(await turns(100)).toHaveLength(100);
  });

  it('of another network come before a crowd of one that waits', async () => {
    arrive(...Array.from({ length: 50 }, (_, i) => [`crowd ${i}`, '192.0.2.1'] as const));
    await turns(3);
    arrive(['late', '198.51.100.1']);
    expect((await turns(1)).at(-1)).toBe('late');
  });

  it('come before those of their own network that wait, because those wait anyway', async () => {
    arrive(['first', '192.0.2.1'], ['old', '192.0.2.1'], ['new', '192.0.2.1']);
    expect(await turns(2)).toEqual(['first', 'new', 'old']);
  });

  it('of two crowds take turns, however many each has, and a /64 of IPv6 is one', async () => {
    arrive(['first', '192.0.2.9']);
    arrive(...Array.from({ length: 9 }, (_, i) => [`many ${i}`, `2001:db8::${i}`] as const));
    arrive(['few 0', '192.0.2.1'], ['few 1', '192.0.2.1']);
    expect(await turns(4)).toEqual(['first', 'few 1', 'many 8', 'few 0', 'many 7']);
  });

  it('are all begun before the listener closes', () => {
    arrive(['a', '192.0.2.1'], ['b', '192.0.2.2'], ['c', '192.0.2.1']);
    queue.flush();
    expect(begun.toSorted()).toEqual(['a', 'b', 'c']);
  });
});
