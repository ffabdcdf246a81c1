import { describe } from 'vitest';
import { MemoryChangeStore } from '../fakes/memory-change-store.js';
import { changeStoreConformance } from './change-store.js';

describe('MemoryChangeStore', () => {
  changeStoreConformance(() => {
    let nowMs = Date.parse('2026-11-21T12:00:00Z');
    const store = new MemoryChangeStore(() => nowMs);
    return Promise.resolve({
      store,
      other: store,
      advance: (ms: number) => {
        nowMs += ms;
      },
      nowMs: () => nowMs,
    });
  });
});
