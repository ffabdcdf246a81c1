import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.js';

/** Jobs that end when the test says so. */
class Jobs {
  /** Names of jobs in the order in which they began. */
  readonly begun: string[] = [];
  private readonly ends = new Map<string, () => void>();

  constructor(readonly turns: FairQueue) {}

  run(line: string, name: string): Promise<string> {
    const job = async (): Promise<string> => {
      this.begun.push(name);
      await new Promise<void>((resolve) => this.ends.set(name, resolve));
      return name;
    };
    return this.turns.run(line, job, () => new Error('too many'));
  }

  async end(name: string): Promise<void> {
    this.ends.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function someJobs(limits = { total: 4, perLine: 2, waiting: 100 }): Jobs {
  return new Jobs(new FairQueue(limits));
}

describe('fair turns', () => {
  it('begin at once where there is room, and hand over what a job returns', async () => {
    const jobs = someJobs();
    const result = jobs.run('a', 'a1');
    expect(jobs.begun).toEqual(['a1']);
    await jobs.end('a1');
    expect(await result).toBe('a1');
  });

  it('leave room for others, however much one line has to do', () => {
    const jobs = someJobs();
    for (let i = 0; i < 50; i++) void jobs.run('a', `a${i}`);
    expect(jobs.begun).toEqual(['a0', 'a1']);
    void jobs.run('b', 'b0');
    expect(jobs.begun).toEqual(['a0', 'a1', 'b0']);
  });

  it('go round when nothing is free: a newcomer waits for one turn of each line, not for their queues', async () => {
    const jobs = someJobs({ total: 2, perLine: 2, waiting: 100 });
    for (let i = 0; i < 10; i++) void jobs.run('a', `a${i}`);
    for (let i = 0; i < 10; i++) void jobs.run('b', `b${i}`);
    void jobs.run('c', 'c0');
    for (const next of ['a0', 'a1', 'a2', 'b0']) await jobs.end(next);
    expect(jobs.begun).toEqual(['a0', 'a1', 'a2', 'b0', 'c0', 'a3']);
  });

  it('keep the order within a line', async () => {
    const jobs = someJobs({ total: 1, perLine: 1, waiting: 100 });
    for (let i = 0; i < 5; i++) void jobs.run('a', `a${i}`);
    for (let i = 0; i < 4; i++) await jobs.end(`a${i}`);
    expect(jobs.begun).toEqual(['a0', 'a1', 'a2', 'a3', 'a4']);
  });

  it('refuse what would wait in a line that is too long, and only there', async () => {
    const jobs = someJobs({ total: 2, perLine: 1, waiting: 3 });
    for (let i = 0; i < 4; i++) void jobs.run('a', `a${i}`);
    await expect(jobs.run('a', 'a4')).rejects.toThrow('too many');
    void jobs.run('b', 'b0');
    expect(jobs.begun).toEqual(['a0', 'b0']);
    await jobs.end('a0');
    void jobs.run('a', 'a5');
    for (const next of ['a1', 'a2', 'a3']) await jobs.end(next);
    expect(jobs.begun).toEqual(['a0', 'b0', 'a1', 'a2', 'a3', 'a5']);
  });

  it('go on after a job that failed', async () => {
    const turns = new FairQueue({ total: 1, perLine: 1, waiting: 5 });
    const never = () => new Error('too many');
    const failed = turns.run('a', () => Promise.reject(new Error('broken')), never);
    const next = turns.run('a', () => Promise.resolve('fine'), never);
    await expect(failed).rejects.toThrow('broken');
    expect(await next).toBe('fine');
  });

  it('forget a line that has nothing to do', async () => {
    const turns = new FairQueue({ total: 2, perLine: 1, waiting: 5 });
    const jobs = Array.from({ length: 1000 }, (_, i) => turns.run(`line ${i}`, () => Promise.resolve(i), Error));
    await Promise.allSettled(jobs);
    expect((turns as unknown as { lines: Map<string, unknown> }).lines.size).toBe(0);
  });
});
