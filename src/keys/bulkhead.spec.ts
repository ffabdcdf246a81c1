import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { Bulkhead } from './bulkhead.js';

const PER_ISSUER = 256;
const IN_PROCESS = 2_048;

describe('Bulkhead', () => {
  const never = new Promise<void>(() => undefined);
  let clock: FakeClock;
  let bulkhead: Bulkhead;

  beforeEach(() => {
    clock = new FakeClock();
    bulkhead = new Bulkhead(clock);
  });

  it('waits until the work is done', async () => {
    const partition = bulkhead.partition();
    const work = Promise.withResolvers<undefined>();
    const waiting = partition.wait(work.promise, 1_000);
    expect(partition.size).toBe(1);
    work.resolve(undefined);
    expect(await waiting).toBe(true);
    expect([partition.size, clock.timers]).toEqual([0, 0]);
  });

  it('waits no longer than it was told', async () => {
    const partition = bulkhead.partition();
    const waiting = partition.wait(never, 1_000);
    await clock.advance(999);
    expect(partition.size).toBe(1);
    await clock.advance(1);
    expect(await waiting).toBe(true);
    expect(partition.size).toBe(0);
  });

  it('keeps places for others when one issuer hangs', async () => {
    const [hanging, healthy] = [bulkhead.partition(), bulkhead.partition()];
    for (let i = 0; i < PER_ISSUER; i++) void hanging.wait(never, 1_000);
    expect(await hanging.wait(never, 1_000)).toBe(false);
    expect(await healthy.wait(Promise.resolve(), 1_000)).toBe(true);
  });

  it('has room again when places are left', async () => {
    const partition = bulkhead.partition();
    for (let i = 0; i < PER_ISSUER; i++) void partition.wait(never, 1_000);
    await clock.advance(1_000);
    expect(partition.size).toBe(0);
    expect(await partition.wait(Promise.resolve(), 1_000)).toBe(true);
  });

  it('bounds what waits for all issuers together', async () => {
    for (let issuer = 0; issuer < IN_PROCESS / PER_ISSUER; issuer++) {
      const partition = bulkhead.partition();
      for (let i = 0; i < PER_ISSUER; i++) void partition.wait(never, 1_000);
    }
    const another = bulkhead.partition();
    expect(await another.wait(Promise.resolve(), 1_000)).toBe(false);
    expect(another.size).toBe(0);
  });

  it('gives a place back when the work fails', async () => {
    const partition = bulkhead.partition();
    await expect(partition.wait(Promise.reject(new Error('failed')), 1_000)).rejects.toThrow('failed');
    expect(partition.size).toBe(0);
  });
});
