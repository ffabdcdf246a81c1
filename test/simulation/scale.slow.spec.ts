import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { CountedFleet } from './counted-fleet.js';
import { loadOf, ratesOf, refreshEveryS, type Operation } from './scale-law.js';

vi.mock('../../src/tokens/import-jwk.js', () => import('./cheap-keys.js'));

/** The law is about large fleets: what happens to few is more often something else. */
const TOLERANCE = 0.04;

const byTheClock: readonly Operation[] = ['poll', 'beat'];
const byRefreshes: readonly Operation[] = ['load', 'commit', 'append', 'hearing'];

describe('what a fleet at rest asks of Redis and of the issuers', { timeout: 180_000 }, () => {
  it.each([
    { replicas: 1, issuers: 60, minutes: 60 },
    { replicas: 5, issuers: 20, minutes: 60 },
    { replicas: 20, issuers: 10, minutes: 60 },
    { replicas: 50, issuers: 6, minutes: 45 },
    { replicas: 120, issuers: 3, minutes: 20 },
  ])('follows the law: $replicas replicas, $issuers issuers', async ({ minutes, ...size }) => {
    const { seconds, times, betweenFetchesS } = await new CountedFleet(size, 1).rest(minutes);
    const law = ratesOf(size);
    const isNear = (found: number, said: number, what: string): void => {
      expect(Math.abs(found / said - 1), `${what}: ${found} beside ${said}`).toBeLessThan(TOLERANCE);
    };

    isNear(betweenFetchesS, refreshEveryS(size.replicas), 'seconds between fetches');
    for (const each of byTheClock) isNear(times[each] / seconds, law[each], each);
    for (const each of byRefreshes) {
      const spare = times.fetch * 0.05;
      expect(Math.abs(times[each] - (times.fetch * law[each]) / law.fetch), each).toBeLessThanOrEqual(
        spare + (times.fetch * law[each] * TOLERANCE) / law.fetch,
      );
    }
    // A small part, of which half as much again would not matter.
    expect(times.acquire / times.fetch).toBeGreaterThanOrEqual(1);
    expect(times.acquire / times.fetch).toBeLessThan((1.5 * law.acquire) / law.fetch);
  });

  it('is in docs/operations.md as the law has it', () => {
    const text = readFileSync('docs/operations.md', 'utf8');
    const rows = [
      ...text.matchAll(
        /^\| ([\d,]+) × ([\d,]+) \| ([\d.,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d.,]+) and ([\d.,]+) MB \|/gm,
      ),
    ];
    expect(rows.length).toBeGreaterThan(4);
    for (const [row, ...cells] of rows) {
      const [replicas = 0, issuers = 0, ...said] = cells.map((cell) => Number(cell.replaceAll(',', '')));
      const [rates, load] = [ratesOf({ replicas, issuers }), loadOf({ replicas, issuers })];
      const found = [rates.fetch, rates.load, load.commands, load.octetsIn / 1e6, load.octetsOut / 1e6];
      // Rounded to two digits.
      found.forEach((value, i) => {
        expect(Math.abs(value / said[i]! - 1), row).toBeLessThan(0.06);
      });
    }
  });
});
