import { describe } from 'vitest';
import { MemoryStreamStates } from '../../src/signals/streams/stream-states.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { streamStatesConformance } from './stream-states.js';

describe('MemoryStreamStates', () => {
  streamStatesConformance(() => {
    const clock = new FakeClock();
    return Promise.resolve({ states: new MemoryStreamStates(clock), advance: (ms) => clock.advance(ms) });
  });
});
