import { describe, expect, it } from 'vitest';
import type { SeenRegion } from './regions.js';
import { RegionsOverview } from './regions-overview.js';

const us: SeenRegion = { name: 'us', state: 'unreachable' };

describe('issuers in other regions', () => {
  it('are read from one comparison of the regions, however many issuers are shown', () => {
    let comparisons = 0;
    const regions = {
      get lastSeen() {
        comparisons++;
        return { own: undefined as never, others: [us] };
      },
      view: () => Promise.reject(new Error('nobody is asked')),
      own: () => Promise.reject(new Error('nobody is asked')),
    };
    const inRegions = new RegionsOverview(regions, { wallMs: () => 0 }).issuers();
    const shown = ['corp', 'partner', 'shop'].map(inRegions);
    expect(shown).toEqual(Array.from({ length: 3 }, () => [{ region: 'us', isReachable: false, state: 'UNKNOWN' }]));
    expect(comparisons).toBe(1);
  });
});
