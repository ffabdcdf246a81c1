import { describe } from 'vitest';
import { MemoryReplicaStates } from '../../src/admin/memory-replica-states.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { replicaStatesConformance } from './replica-states.js';

describe('MemoryReplicaStates', () => {
  replicaStatesConformance(async () => {
    const clock = new FakeClock();
    const states = new MemoryReplicaStates(clock);
    return { states, other: states, advance: (ms) => clock.advance(ms) };
  });
});
