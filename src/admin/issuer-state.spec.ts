import { describe, expect, it } from 'vitest';
import type { KeyFreshness } from '../keys/accepted/key-freshness.js';
import type { JsonObject, JsonValue } from '../shared/json-value.js';
import { aged, issuerStateOf, readIssuerState } from './issuer-state.js';

const freshness: KeyFreshness = {
  issuerId: 'corp',
  state: 'DUE',
  ageMs: 1_000.4,
  fence: 7,
  digest: 'AbC_-123456',
  keys: [],
  lastFailure: { category: 'timeout', atMs: 5 },
  nextRefreshInMs: 2_000.6,
  blockedForMs: 0,
  tombstones: 0,
  waiting: 3,
};

const written = issuerStateOf(freshness);

describe('issuerStateOf', () => {
  it('says the state of the keys in short, in whole milliseconds', () => {
    expect(written).toEqual({
      state: 'DUE',
      ageMs: 1_000,
      fence: 7,
      digest: 'AbC_-123456',
      lastFailure: { category: 'timeout', atMs: 5 },
      nextLookInMs: 2_001,
    });
  });

  it('has when the keys were proven before, older with time, and leaves it out where it cannot be read', () => {
    const state = issuerStateOf(freshness, [300, 600]);
    expect(aged(state, 10_000)).toMatchObject({ earlierProofsAgoS: [310, 610] });
    const read = (earlierProofsAgoS: JsonValue) => readIssuerState({ state: 'DUE', digest: 'x', earlierProofsAgoS });
    expect(read([300, 600])).toEqual({ state: 'DUE', digest: 'x', earlierProofsAgoS: [300, 600] });
    for (const odd of ['300', [-1], ['300'], Array.from({ length: 100 }, () => 1)])
      expect(read(odd)).toEqual({ state: 'DUE', digest: 'x' });
  });

  it('leaves out what there is not', () => {
    const { issuerId, digest, keys, blockedForMs, tombstones, waiting } = freshness;
    const cold = { issuerId, digest, keys, blockedForMs, tombstones, waiting, state: 'COLD' } as const;
    expect(issuerStateOf(cold)).toEqual({ state: 'COLD', digest });
  });
});

describe('aged', () => {
  it('is older, and nearer to its refresh, but not beyond it', () => {
    expect(aged(written, 500)).toMatchObject({ ageMs: 1_500, nextLookInMs: 1_501 });
    expect(aged(written, 10_000)).toMatchObject({ ageMs: 11_000, nextLookInMs: 0 });
  });

  it('has no age where there was none', () => {
    expect(aged({ state: 'COLD', digest: 'x' }, 500)).toEqual({ state: 'COLD', digest: 'x' });
  });
});

describe('readIssuerState', () => {
  it('reads what was written', () => {
    expect(readIssuerState(JSON.parse(JSON.stringify(written)) as JsonValue)).toEqual(written);
    expect(readIssuerState({ state: 'COLD', digest: 'x' })).toEqual({ state: 'COLD', digest: 'x' });
  });

  it('takes over where a fetch failed, and no text that is no host', () => {
    const failed = { category: 'tls', atMs: 1 } as const;
    const read = (place: JsonObject) =>
      readIssuerState({ state: 'FRESH', digest: 'x', lastFailure: { ...failed, ...place } })?.lastFailure;
    expect(read({ host: '[fd00::1]:8443', stage: 'tls' })).toEqual({ ...failed, host: '[fd00::1]:8443', stage: 'tls' });
    for (const odd of [{ host: '<b>', stage: 'tls' }, { host: 'a', stage: 'bored' }, { host: 'a' }, { stage: 'tls' }])
      expect(read(odd)).toEqual(failed);
  });

  it('takes nothing over that it does not know', () => {
    expect(readIssuerState({ state: 'FRESH', digest: 'x', html: '<script>' })).toEqual({ state: 'FRESH', digest: 'x' });
  });

  it.each<[string, JsonValue | undefined]>([
    ['nothing', undefined],
    ['a text', 'FRESH'],
    ['a list', []],
    ['no state', { digest: 'x' }],
    ['an unknown state', { state: 'fresh', digest: 'x' }],
    ['a state that every object has', { state: 'constructor', digest: 'x' }],
    ['no digest', { state: 'FRESH' }],
    ['a digest with markup', { state: 'FRESH', digest: '<b>' }],
    ['a long digest', { state: 'FRESH', digest: 'x'.repeat(44) }],
    ['a negative age', { state: 'FRESH', digest: 'x', ageMs: -1 }],
    ['an age beyond all time', { state: 'FRESH', digest: 'x', ageMs: 1e14 }],
    ['a fence as text', { state: 'FRESH', digest: 'x', fence: '7' }],
    ['an unknown failure', { state: 'FRESH', digest: 'x', lastFailure: { category: 'bored', atMs: 1 } }],
    ['a failure at no time', { state: 'FRESH', digest: 'x', lastFailure: { category: 'timeout' } }],
    ['a failure that is none', { state: 'FRESH', digest: 'x', lastFailure: null }],
  ])('is undefined for %s: others may be able to write there', (_case, value) => {
    expect(readIssuerState(value)).toBeUndefined();
  });
});
