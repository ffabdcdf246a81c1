import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../shared/json-value.js';
import { parseStrictJson } from '../../shared/strict-json.js';
import { differencesOf } from './region-differences.js';
import { type DeniedKeysReport, readRegionReport, type RegionReport, writeRegionReport } from './region-report.js';

const thumbprint = (name: string): string => name.padEnd(43, '0');

const denied = (...names: readonly string[]): DeniedKeysReport => ({
  count: names.length,
  digest: `of-${names.join('')}`,
  keys: new Set(names.map((name) => `corp ${thumbprint(name)}`)),
});

const corp = { state: 'FRESH', digest: 'abc', isDiffering: false, ageSeconds: 12.5, registration: 'r1' } as const;

const report: RegionReport = {
  region: 'us',
  replica: 'assay-1',
  version: '0.1.0',
  isComplete: true,
  isHealthy: false,
  sentence: 'corp: fetches fail at assay-1, the keys are still accepted',
  firstStep: 'Look at the last error of the issuer.',
  configuration: 'ab'.repeat(32),
  replicas: 3,
  live: 2,
  issuers: new Map([['corp', corp]]),
  moreIssuers: 0,
  deniedKeys: denied('a'),
};

const sent = (value: object): JsonObject => parseStrictJson(Buffer.from(JSON.stringify(value))) as JsonObject;
const written = sent(writeRegionReport(report));

describe('the report of a region', () => {
  it('is read as it was written', () => {
    expect(readRegionReport(written)).toEqual(report);
    const unnamed = { ...report, deniedKeys: { count: 501, digest: 'many', keys: undefined } };
    expect(readRegionReport(sent(writeRegionReport(unnamed)))).toEqual(unnamed);
  });

  it.each<[string, Readonly<Record<string, JsonValue>>]>([
    ['a replica that is no name', { replica: '<img src=x>' }],
    ['a sentence with a control character', { sentence: 'all\u0007 well' }],
    ['a sentence that never ends', { sentence: 'x'.repeat(501) }],
    ['a number of replicas below none', { replicas: -1 }],
    ['half a replica', { live: 0.5 }],
    ['no issuers', { issuers: [] }],
    ['an issuer in a state that there is not', { issuers: { corp: { ...corp, state: 'GOOD' } } }],
    ['an issuer without a name', { issuers: { '': { ...corp } } }],
    ['another number of denied keys than it names', { deniedKeys: { count: 2, digest: 'x', keys: [] } }],
    ['denied keys that are none', { deniedKeys: { count: 1, digest: 'x', keys: ['corp <script>'] } }],
    ['a truth value as a text', { isComplete: 'yes' }],
  ])('is not believed with %s', (_, wrong) => {
    expect(readRegionReport({ ...written, ...wrong })).toBeUndefined();
  });

  it.each(Object.keys(written).filter((name) => name !== 'firstStep'))('is not believed without %s', (name) => {
    expect(readRegionReport({ ...written, [name]: undefined })).toBeUndefined();
  });
});

describe('differencesOf', () => {
  const own: RegionReport = { ...report, region: 'eu' };
  const counts = (other: Partial<RegionReport>, here: Partial<RegionReport> = {}) =>
    differencesOf({ ...own, ...here }, { ...report, ...other }).counts;
  const none = { denied_keys: 0, keys: 0, issuers: 0, registrations: 0 };
  const issuer = (changed: object) => ({ issuers: new Map([['corp', { ...corp, ...changed }]]) });

  it('finds none between regions that say the same', () => {
    expect(counts({})).toEqual(none);
    expect(counts(issuer({ ageSeconds: 999, state: 'STALE' }))).toEqual(none);
  });

  it('says of each denied key where it is not denied', () => {
    const { notDeniedHere, notDeniedThere } = differencesOf(own, { ...report, deniedKeys: denied('b', 'c') });
    expect(notDeniedThere).toEqual([`corp ${thumbprint('a')}`]);
    expect(notDeniedHere).toEqual(['b', 'c'].map((name) => `corp ${thumbprint(name)}`));
  });

  it('of denied keys that are too many to name, says that they differ where their digests do', () => {
    const many = (digest: string) => ({ deniedKeys: { count: 501, digest, keys: undefined } });
    expect(counts(many('x'), many('x'))).toEqual(none);
    expect(counts(many('x'), many('y'))).toEqual({ ...none, denied_keys: 1 });
    expect(counts(many('x'))).toEqual({ ...none, denied_keys: 1 });
  });

  it('compares the keys of an issuer only where each region accepts some, and agrees within itself', () => {
    expect(counts(issuer({ digest: 'other' }))).toEqual({ ...none, keys: 1 });
    for (const silent of [{ state: 'COLD' }, { state: 'EXPIRED' }, { isDiffering: true }]) {
      expect(counts(issuer({ digest: 'other', ...silent }))).toEqual(none);
    }
  });

  it('says that an issuer is in one region alone only of regions that name all that they have', () => {
    const two = { issuers: new Map([...report.issuers, ['shop', corp]]) };
    expect(counts(two)).toEqual({ ...none, issuers: 1 });
    expect(counts({}, two)).toEqual({ ...none, issuers: 1 });
    expect(counts({ moreIssuers: 1 }, two)).toEqual(none);
  });
});
