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

  favour(group: string, line: string): void {
    this.queue.favour(group, line);
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
    jobs.add('b', '', 'b1');
    expect(await jobs.drain()).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'a3', 'a4']);
  });

  it('lets the lines of a group take turns: who shares an address with a crowd waits for one of it', async () => {
    const jobs = new Jobs();
    for (let i = 0; i < 5; i++) jobs.add('a', 'crowd', `crowd${i}`);
    jobs.add('a', 'victim', 'victim');
    expect((await jobs.drain()).slice(0, 3)).toEqual(['crowd0', 'victim', 'crowd1']);
  });

  it('gives a group with many lines no more turns than another', async () => {
    const jobs = new Jobs();
    for (let i = 0; i < 5; i++) jobs.add('a', `${i}`);
    jobs.add('b', '');
    jobs.add('b', '');
    expect(await jobs.drain()).toEqual(['a0', 'b', 'a4', 'b', 'a3', 'a2', 'a1']);
  });

  it('begins with who came last, however many were there before', async () => {
    const jobs = new Jobs();
    for (let i = 0; i < 5; i++) jobs.add(`crowd${i}`, '');
    jobs.add('victim', '');
    expect((await jobs.drain()).slice(0, 2)).toEqual(['crowd0', 'victim']);
  });

  it('goes on with a line that is favoured until nothing of it waits, and with nothing else of its group', async () => {
    const jobs = new Jobs();
    jobs.add('a', '');
    for (const name of ['b0', 'b1', 'b2']) jobs.add('b', 'one', name);
    jobs.add('b', 'two');
    for (const group of ['c', 'd']) jobs.add(group, '');
    jobs.favour('b', 'one');
    jobs.favour('b', 'nobody');
    jobs.favour('nobody', '');
    expect(await jobs.drain()).toEqual(['a', 'b0', 'b1', 'b2', 'd', 'c', 'btwo']);
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
    expect(jobs.begun).toEqual(['crowd0', 'stranger', 'victim', 'crowd1', 'crowd2']);
  });

  it('when it is full of equals refuses who has waited longest', async () => {
    const jobs = new Jobs({ waiting: 2 });
    for (const group of ['a', 'b', 'c', 'd']) jobs.add(group, '');
    await jobs.drain();
    expect(jobs.refused).toEqual(['b']);
  });
});
