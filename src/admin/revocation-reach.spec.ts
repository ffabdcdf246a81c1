import { describe, expect, it } from 'vitest';
import type { FleetView, ShownReplica } from './decision-reach.js';
import { LOST_AFTER_MS } from './replica-states.js';
import { revocationReachOf } from './revocation-reach.js';

const at = 1_795_262_400;
const place = 5_000;

function aReplica(replica: string, about: Partial<ShownReplica> = {}): ShownReplica {
  return { replica, region: '', issuers: new Map(), denials: undefined, seenAgoMs: 0, isKnown: true, ...about };
}

function aFleet(...others: readonly ShownReplica[]): FleetView {
  return { replicas: [aReplica('own'), ...others], isKnown: true, isNamed: true, more: 0, isComplete: true };
}

describe('the reach of a revocation', () => {
  const reach = (other: Partial<ShownReplica>, { afterMs = 1_000, isReadBack = true } = {}) =>
    revocationReachOf({ at }, isReadBack ? place : undefined, aFleet(aReplica('other', other)), at * 1_000 + afterMs);

  it('is the replica that shows it and those that have read past its place', () => {
    expect(reach({ readTo: place })).toEqual({ confirmedBy: ['own', 'other'], notConfirmedBy: [], isComplete: true });
  });

  it.each<[string, Partial<ShownReplica>, number, string]>([
    ['has not read so far a moment after it', { readTo: place - 1 }, 1_000, 'waiting'],
    ['has not read so far when it should have', { readTo: place - 1 }, 13_000, 'late'],
    ['does not say how far it has read, as versions before do not', {}, 1_000, 'unknown'],
    ['cannot be asked', { readTo: place, isKnown: false }, 1_000, 'unknown'],
    ['is silent', { readTo: place, seenAgoMs: LOST_AFTER_MS }, 1_000, 'lost'],
  ])('is not a replica that %s', (_, other, afterMs, state) => {
    expect(reach(other, { afterMs })).toMatchObject({
      confirmedBy: ['own'],
      notConfirmedBy: [{ replica: 'other', state }],
      isComplete: false,
    });
  });

  it('is known of nobody else while this replica has not read it back itself', () => {
    const unread = { isReadBack: false };
    expect(reach({ readTo: place }, unread)).toMatchObject({ notConfirmedBy: [{ state: 'waiting' }] });
    const later = reach({ readTo: place }, { ...unread, afterMs: 60_000 });
    expect(later).toMatchObject({ confirmedBy: ['own'], notConfirmedBy: [{ state: 'unknown' }] });
  });
});
