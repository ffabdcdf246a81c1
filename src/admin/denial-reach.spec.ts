import { describe, expect, it } from 'vitest';
import { aDecision } from '../../test/conformance/denied-keys.js';
import { DECISION_BOUND_MS, type FleetView, type ShownReplica } from './decision-reach.js';
import { denialDigest, reachCounts, reachOf } from './denial-reach.js';
import { LOST_AFTER_MS } from './replica-states.js';

const denial = aDecision();
const confirming = new Set([denialDigest(denial)]);

function aReplica(replica: string, about: Partial<ShownReplica> = {}): ShownReplica {
  return { replica, region: '', issuers: new Map(), denials: confirming, seenAgoMs: 0, isKnown: true, ...about };
}

function aFleet(others: readonly ShownReplica[], about: Partial<FleetView> = {}): FleetView {
  const replicas = [aReplica('own'), ...others];
  return { replicas, isKnown: true, isNamed: true, more: 0, isComplete: true, ...about };
}

describe('the reach of a denial', () => {
  it.each([
    ['a moment after it', 1_000, 'waiting'],
    ['after the bound', DECISION_BOUND_MS, 'late'],
    ['where a clock that is an hour ahead has timed it', -3_600_000, 'late'],
  ])('a replica that does not report it is, %s, %s', (_, laterMs, state) => {
    const reach = reachOf(denial, aFleet([aReplica('other', { denials: new Set() })]), denial.atMs + laterMs);
    expect(reach).toMatchObject({
      confirmedBy: ['own'],
      notConfirmedBy: [{ replica: 'other', state }],
      isComplete: false,
    });
  });

  it('counts who confirms it, who is remembered and who is lost', () => {
    const fleet = aFleet([aReplica('other'), aReplica('killed', { seenAgoMs: LOST_AFTER_MS })], { more: 2 });
    expect(reachCounts(denial, fleet, denial.atMs)).toEqual({ confirmed: 2, replicas: 5, lost: 1 });
  });

  it('counts nobody as lost or as confirming it while their reports cannot be read', () => {
    const silent = [
      aReplica('other', { isKnown: false }),
      aReplica('far', { isKnown: false, seenAgoMs: LOST_AFTER_MS }),
    ];
    expect(reachCounts(denial, aFleet(silent, { isKnown: false }), denial.atMs)).toEqual({ confirmed: 1, replicas: 3 });
  });

  it('counts no replicas where they were never read', () => {
    const fleet = aFleet([], { isKnown: false, isNamed: false });
    expect(reachCounts(denial, fleet, denial.atMs)).toEqual({ confirmed: 1 });
  });
});
