import { describe, expect, it } from 'vitest';
import { NestedQueue, type NestedQueueLimits } from './nested-queue.js';

/** Jobs that end when the test says so. */
class Jobs {
  /** Names of jobs in the order in which they began. */
  readonly begun: string[] = [];
  readonly refused: string[] = [];
  private readonly ends: (() => void)[] = [];
  private readonly queue: NestedQueue;

  constructor(limits: Partial<NestedQueueLimits> = {}) {
    this.queue = new NestedQueue({ running: 1, waiting: 100, ...limits });
  }

  add(group: string, line: string, name = `${group}${line}`): void {
    const job = async (): Promise<void> => {
      this.begun.push(name);
      await new Promise<void>((resolve) => this.ends.push(resolve));
    };
    this.queue.run(group, line, job, () => new Error('too many')).catch(() => this.refused.push(name));
  }

  /** Ends what runs, the oldest first, until nothing does. */
  async drain(): Promise<readonly string[]> {
    for (let end = this.ends.shift(); end; end = this.ends.shift()) {
      end();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return this.begun;
  }
}

describe('a queue of groups with lines', () => {
  it('begins at once where there is room, and hands over what a job returns or throws', async () => {
    const queue = new NestedQueue({ running: 1, waiting: 1 });
    const tooMany = (): Error => new Error('too many');
    expect(await queue.run('a', '', () => Promise.resolve(7), tooMany)).toBe(7);
    await expect(queue.run('a', '', () => Promise.reject(new Error('its own')), tooMany)).rejects.toThrow('its own');
    expect(await queue.run('a', '', () => Promise.resolve(8), tooMany)).toBe(8);
  });

  it('lets groups take turns, however much one of them wants', async () => {
    const jobs = new Jobs();
    for (let i = 0; i < 5; i++) jobs.add('a', '', `a${i}`);
    jobs.add('b', '', 'b0');
    expect((await jobs.drain()).slice(0, 3)).toEqual(['a0', 'a1', 'b0']);
  });

  it('lets the lines of a group take turns: who shares an address with a crowd waits for one of it', async () => {
    const jobs = new Jobs();
    for (let i = 0; i < 5; i++) jobs.add('a', 'crowd', `crowd${i}`);
    jobs.add('a', 'victim', 'victim');
    expect((await jobs.drain()).slice(0, 3)).toEqual(['crowd0', 'crowd1', 'victim']);
  });

  it('gives a group with many lines no more turns than another', async () => {
    const jobs = new Jobs();
    for (let i = 0; i < 5; i++) jobs.add('a', `${i}`);
    jobs.add('b', '');
    jobs.add('b', '');
    expect(await jobs.drain()).toEqual(['a0', 'a1', 'b', 'a2', 'b', 'a3', 'a4']);
  });

  it('runs as much at a time as it may', async () => {
    const jobs = new Jobs({ running: 3 });
    for (let i = 0; i < 5; i++) jobs.add('a', '', `a${i}`);
    expect(jobs.begun).toEqual(['a0', 'a1', 'a2']);
    expect(await jobs.drain()).toEqual(['a0', 'a1', 'a2', 'a3', 'a4']);
  });

  it('when it is full refuses the youngest of the longest line, and never somebody else', async () => {
    const jobs = new Jobs({ waiting: 4 });
    for (let i = 0; i < 5; i++) jobs.add('a', 'crowd', `crowd${i}`);
    jobs.add('a', 'victim', 'victim');
    jobs.add('b', '', 'stranger');
    await jobs.drain();
    expect(jobs.refused).toEqual(['crowd4', 'crowd3']);
    expect(jobs.begun).toEqual(['crowd0', 'crowd1', 'stranger', 'victim', 'crowd2']);
  });

  it('when it is full of equals refuses who comes last', async () => {
    const jobs = new Jobs({ waiting: 2 });
    for (const group of ['a', 'b', 'c', 'd']) jobs.add(group, '');
    await jobs.drain();
    expect(jobs.refused).toEqual(['d']);
  });
});
