import { describe, expect, it } from 'vitest';
import { RequestsOfUses } from './requests-of-uses.js';

describe('RequestsOfUses', () => {
  it('knows for five seconds by which request a proof was used', () => {
    const requests = new RequestsOfUses();
    requests.remember('proof', 'request', 1_000);
    expect([6_000, 6_001].map((nowMs) => requests.isSame('proof', 'request', nowMs))).toEqual([true, false]);
    expect(requests.isSame('proof', 'another', 1_000)).toBe(false);
    expect(requests.isSame('another', 'request', 1_000)).toBe(false);
    requests.forget('proof');
    expect(requests.isSame('proof', 'request', 1_000)).toBe(false);
  });

  it('takes bounded room: the oldest goes first, and what is over goes by itself', () => {
    const requests = new RequestsOfUses(3);
    for (const name of ['a', 'b', 'c', 'd']) requests.remember(name, 'request', 0);
    expect(['a', 'b', 'c', 'd'].map((name) => requests.isSame(name, 'request', 0))).toEqual([false, true, true, true]);
    requests.remember('e', 'request', 5_001);
    expect(requests.size).toBe(1);
  });
});
