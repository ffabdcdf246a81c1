import { describe, expect, it } from 'vitest';
import type { FleetView } from './decision-reach.js';
import { sentenceOf } from './fleet-overview.js';

describe('the sentence about a fleet without trouble', () => {
  const replica = (region: string) => ({ region }) as FleetView['replicas'][number];
  const viewOf = (replicas: FleetView['replicas'], more = 0) => ({ replicas, more }) as FleetView;

  it.each([
    ['This replica is well, and knows of no other', viewOf([replica('')])],
    ['All 2 replicas agree', viewOf([replica('eu'), replica('eu')])],
    ['All 3 replicas in 2 regions agree', viewOf([replica('eu'), replica('eu'), replica('us')])],
    ['All 202 replicas agree', viewOf([replica('eu'), replica('eu')], 200)],
  ])('%s', (sentence, view) => {
    expect(sentenceOf(view, [])).toEqual({ isHealthy: true, sentence });
  });
});
