import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { listenToSignals } from './signals.js';

describe('listenToSignals', () => {
  let source: EventEmitter;
  let clock: FakeClock;
  let done: string[];

  beforeEach(() => {
    source = new EventEmitter();
    clock = new FakeClock();
    done = [];
    listenToSignals(source, clock, {
      stop: () => done.push('stop'),
      abort: (exitCode) => done.push(`abort ${exitCode}`),
      reload: () => done.push('reload'),
    });
  });

  it.each(['SIGTERM', 'SIGINT'])('stops with the first %s', (signal) => {
    source.emit(signal);
    expect(done).toEqual(['stop']);
  });

  it.each([
    ['SIGTERM', 'SIGTERM', 143],
    ['SIGTERM', 'SIGINT', 130],
    ['SIGINT', 'SIGTERM', 143],
  ])('aborts with the second signal: %s, %s', async (first, second, exitCode) => {
    source.emit(first);
    await clock.advance(201);
    source.emit(second);
    expect(done).toEqual(['stop', `abort ${exitCode}`]);
  });

  it('takes what arrives by several ways at once as one wish', async () => {
    source.emit('SIGINT');
    source.emit('SIGINT');
    await clock.advance(200);
    source.emit('SIGINT');
    expect(done).toEqual(['stop']);
  });

  it('reloads with each SIGHUP', () => {
    source.emit('SIGHUP');
    source.emit('SIGHUP');
    expect(done).toEqual(['reload', 'reload']);
  });
});
