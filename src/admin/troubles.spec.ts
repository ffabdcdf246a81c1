import { describe, expect, it } from 'vitest';
import { aDecision } from '../../test/conformance/denied-keys.js';
import { type FleetView, type ShownReplica } from './decision-reach.js';
import { denialDigest } from './denial-reach.js';
import type { IssuerState } from './issuer-state.js';
import type { ReplicaAccount } from './replica-account.js';
import { LOST_AFTER_MS, readReplicaReach, writeReplicaReach } from './replica-states.js';
import { textsOf } from './trouble-texts.js';
import { troubleKinds, troublesIn } from './troubles.js';

const nowMs = 1_800_000_000_000;
const account: ReplicaAccount = {
  version: '1.0.0',
  configuration: 'ab12',
  configuredAtMs: nowMs - 60_000,
  startedAtMs: nowMs - 3_600_000,
  store: 'reachable',
  clockSkewMs: -7_000,
  memoryBytes: 1e8,
  loopDelayMs: 3,
};
const fresh: IssuerState = { state: 'FRESH', ageMs: 10_000, digest: 'one' };

function aReplica(replica: string, state: IssuerState = fresh, about: Partial<ShownReplica> = {}): ShownReplica {
  return {
    replica,
    region: '',
    issuers: new Map([['corp', state]]),
    denials: new Set(),
    account,
    seenAgoMs: 0,
    isKnown: true,
    ...about,
  };
}

function found(
  replicas: readonly ShownReplica[],
  { denials = [], isKnown = true }: { denials?: ReturnType<typeof aDecision>[]; isKnown?: boolean } = {},
) {
  const fleet: FleetView = { replicas, isKnown, isNamed: true, more: 0, isComplete: true };
  return troublesIn({ fleet, issuers: [{ id: 'corp', hardTtlMs: 1_000_000 }], denials, nowMs });
}

describe('what replicas do not agree about', () => {
  it('is nothing where all say the same', () => {
    expect(found([aReplica('a'), aReplica('b'), aReplica('c')])).toEqual([]);
    expect(found([aReplica('a')])).toEqual([]);
  });

  it.each([
    ['replica_lost', [aReplica('c', fresh, { seenAgoMs: LOST_AFTER_MS })], ['c'], nowMs - LOST_AFTER_MS],
    ['replica_behind', [aReplica('c', fresh, { isBehind: true })], ['c'], undefined],
    ['keys_differ', [aReplica('c', { ...fresh, digest: 'two', ageMs: 4_000 })], ['c'], nowMs - 4_000],
    ['keys_stale', [aReplica('c', { ...fresh, state: 'STALE', ageMs: 70_000 })], ['c'], nowMs - 70_000],
    ['keys_expired', [aReplica('c', { ...fresh, state: 'EXPIRED', ageMs: 1_200_000 })], ['c'], nowMs - 200_000],
    ['keys_missing', [aReplica('c', { state: 'COLD', digest: 'none' })], ['c'], undefined],
    [
      'configuration_differs',
      [aReplica('c', fresh, { account: { ...account, configuration: 'cd34', configuredAtMs: nowMs - 5 } })],
      ['c'],
      nowMs - 5,
    ],
    ['version_differs', [aReplica('c', fresh, { account: { ...account, version: '1.1.0' } })], ['c'], undefined],
  ] as const)('%s names who, and since when', (kind, [odd], replicas, sinceMs) => {
    const [only, ...others] = found([aReplica('a'), aReplica('b'), odd]);
    expect([others, only]).toEqual([[], expect.objectContaining({ kind, replicas })]);
    expect(only?.sinceMs).toBe(sinceMs);
  });

  it('says nothing about what silent replicas do, nor those of an earlier version', () => {
    const silent = aReplica('c', { ...fresh, digest: 'two' }, { seenAgoMs: LOST_AFTER_MS });
    expect(found([aReplica('a'), silent]).map(({ kind }) => kind)).toEqual(['replica_lost']);
    expect(found([aReplica('a'), aReplica('b', fresh, { account: undefined })])).toEqual([]);
  });

  it('names a denial that a live replica has not confirmed in time, and none that it may still confirm', () => {
    const denial = aDecision({ atMs: nowMs - 8_000 });
    const confirming = { denials: new Set([denialDigest(denial)]) };
    expect(found([aReplica('a', fresh, confirming), aReplica('b')], { denials: [denial] })).toMatchObject([
      { kind: 'denial_unconfirmed', replicas: ['b'], sinceMs: denial.atMs },
    ]);
    const young = aDecision({ atMs: nowMs - 1_000 });
    expect(
      found([aReplica('a', fresh, { denials: new Set([denialDigest(young)]) }), aReplica('b')], { denials: [young] }),
    ).toEqual([]);
  });

  it('comes with the worst first, and each kind has words', () => {
    const replicas = [
      aReplica('a'),
      aReplica('b', { ...fresh, state: 'STALE' }),
      aReplica('c', fresh, { isKnown: false, seenAgoMs: 9 }),
    ];
    expect(found(replicas, { isKnown: false }).map(({ kind }) => kind)).toEqual(['store_away', 'keys_stale']);
    for (const kind of troubleKinds) {
      const { says, firstStep } = textsOf({ kind, replicas: ['a', 'b', 'c', 'd'], issuer: 'corp' });
      expect([says, firstStep]).toEqual([expect.stringMatching(/^\w/), expect.stringMatching(/\.$/)]);
    }
  });
});

describe('what a replica says about itself', () => {
  it('is read as it was written', () => {
    const text = Buffer.from(writeReplicaReach({ replica: 'a', region: 'eu', denials: new Set(), account }));
    expect(readReplicaReach('a', text).account).toEqual(account);
    expect(text.toString()).toMatch(/^{"region":"eu"/);
  });

  it.each([
    { version: '<b>' },
    { configuration: 'xyz' },
    { store: 'odd' },
    { clockSkewMs: '0' },
    { clockSkewMs: -1e20 },
    { memoryBytes: -1 },
    { loopDelayMs: '3' },
    { startedAtMs: 1e20 },
  ])('is nothing where somebody else has written %j', (wrong) => {
    const text = Buffer.from(JSON.stringify({ region: '', denials: [], account: { ...account, ...wrong } }));
    expect(readReplicaReach('a', text)).toMatchObject({ account: undefined, denials: new Set() });
  });
});
