import { describe } from 'vitest';
import { MemoryDeniedKeys } from '../../src/revocation/denied-keys.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { deniedKeysConformance } from './denied-keys.js';

describe('MemoryDeniedKeys', () => {
  deniedKeysConformance(async () => {
    const clock = new FakeClock();
    const store = new MemoryDeniedKeys(clock);
    return { store, other: store, clock };
  });
});
