import { describe, expect, it } from 'vitest';
import { day, hour } from '../shared/configuration/quantities.js';
import { textsOf } from './finding-texts.js';
import { findingsIn } from './find-findings.js';
import type { AdminFacts, CallerFacts, Finding, IssuerFacts } from './findings.js';
import { foreignAudience, partName } from './use-parts.js';
import type { UseRecord } from './use-record.js';

const terms = {
  rotateWithin: 90 * day,
  unusedAfter: 30 * day,
  warnBefore: 30 * day,
  longestLifetime: 7 * day,
  keyStrength: 112,
  mostKeys: 10,
};
const nowMs = Date.parse('2026-11-30T12:00:00Z');
const ago = (days: number): number => nowMs - days * day;

const fresh: UseRecord = { sinceMs: ago(400), lastMs: ago(0), parts: new Map() };
const corp: IssuerFacts = {
  id: 'corp',
  record: fresh,
  published: [],
  largestSet: 2,
  algorithms: [],
  maxLifetimeSeconds: 3_600,
  endlessDenials: [],
  vouchesForCallers: false,
};
const orders: CallerFacts = {
  id: 'orders',
  record: fresh,
  secretEnds: [Infinity],
  sharesSecretWith: [],
  audiences: [],
  claims: [],
};
const withPart = (name: string, sinceMs: number, lastMs?: number): UseRecord => ({
  ...fresh,
  parts: new Map([[name, { sinceMs, ...(lastMs !== undefined && { lastMs }) }]]),
});

interface SomeFacts {
  readonly issuer?: readonly IssuerFacts[];
  readonly caller?: readonly CallerFacts[];
  readonly admin?: readonly AdminFacts[];
}

const found = ({ issuer = [], caller = [], admin = [] }: SomeFacts, atMs = nowMs, by = terms): readonly Finding[] =>
  findingsIn({ terms: by, issuers: issuer, callers: caller, admins: admin, nowMs: atMs });

const said = (finding: Finding | undefined): string => (finding ? textsOf(finding, terms, nowMs).says : '');

describe('a finding is there from the moment on at which it is true', () => {
  const justBefore = -1;

  it.each<[string, Parameters<typeof found>[0], Partial<Finding>]>([
    [
      'an issuer that has published no new key for longer than asked',
      {
        issuer: [
          {
            ...corp,
            record: {
              ...fresh,
              parts: new Map([
                ['old', { sinceMs: ago(300), lastMs: ago(0) }],
                ['new', { sinceMs: ago(90), lastMs: ago(0) }],
              ]),
            },
          },
        ],
      },
      { kind: 'rotation_overdue', issuer: 'corp' },
    ],
    [
      'a key that signs nothing',
      {
        issuer: [
          {
            ...corp,
            published: [{ thumbprint: 'used' }, { thumbprint: 'idle' }],
            record: {
              ...fresh,
              parts: new Map([
                ['used', { sinceMs: ago(40), lastMs: ago(0) }],
                ['idle', { sinceMs: ago(30) }],
              ]),
            },
          },
        ],
      },
      { kind: 'key_unused', issuer: 'corp', thumbprint: 'idle' },
    ],
    [
      'an issuer without use',
      { issuer: [{ ...corp, record: { ...fresh, lastMs: ago(30) } }] },
      { kind: 'issuer_unused', issuer: 'corp' },
    ],
    [
      'a caller that was not seen for a month',
      { caller: [{ ...orders, record: { ...fresh, lastMs: ago(30) } }] },
      { kind: 'caller_unused', caller: 'orders' },
    ],
    [
      'a right that was never used',
      { caller: [{ ...orders, record: { ...fresh, parts: new Map([['corp', { sinceMs: ago(30) }]]) } }] },
      { kind: 'right_unused', caller: 'orders', issuer: 'corp' },
    ],
    [
      'a secret near its end',
      { caller: [{ ...orders, secretEnds: [nowMs + 30 * day] }] },
      { kind: 'secret_ending', caller: 'orders', hasOther: false },
    ],
    [
      'an algorithm that is allowed and never used',
      { issuer: [{ ...corp, algorithms: ['RS256'], record: withPart(partName('algorithm', 'RS256'), ago(30)) }] },
      { kind: 'algorithm_unused', issuer: 'corp', algorithm: 'RS256' },
    ],
    [
      'an audience that was granted and never used',
      { caller: [{ ...orders, audiences: ['https://a'], record: withPart(partName('audience', 'https://a'), ago(30)) }] },
      { kind: 'audience_unused', caller: 'orders', audience: 'https://a' },
    ],
    [
      'a claim that was granted and is not seen any more',
      { caller: [{ ...orders, claims: ['email'], record: withPart(partName('claim', 'email'), ago(90), ago(30)) }] },
      { kind: 'claim_unused', caller: 'orders', claim: 'email' },
    ],
    [
      'an admin token that nobody uses',
      { admin: [{ id: 'ops', record: { ...fresh, lastMs: ago(30) } }] },
      { kind: 'admin_unused', admin: 'ops' },
    ],
    [
      'a lifetime that is allowed and was never needed, when it was watched for long enough',
      { issuer: [{ ...corp, record: { ...fresh, sinceMs: ago(30), longest: { seconds: 900, atMs: nowMs } } }] },
      { kind: 'lifetime_loose', issuer: 'corp', lifetimeSeconds: 900, allowedSeconds: 3_600 },
    ],
  ])('%s', (_what, facts, expected) => {
    const decided = (atMs: number) => found(facts, atMs).filter(({ isDecided }) => isDecided);
    expect(decided(nowMs + justBefore)).toEqual([]);
    expect(decided(nowMs)).toMatchObject([expected]);
  });

  it('tokens that live a year, and none that live as long as is asked for', () => {
    const living = (seconds: number): IssuerFacts => ({
      ...corp,
      record: { ...fresh, longest: { seconds, atMs: nowMs } },
    });
    expect(found({ issuer: [living(7 * 24 * 3_600)] })).toEqual([]);
    const [finding] = found({ issuer: [living(365 * 24 * 3_600)] });
    expect(finding).toMatchObject({ kind: 'long_lived_tokens', issuer: 'corp', lifetimeSeconds: 31_536_000 });
    expect(said(finding)).toBe('corp signs tokens that live 365 days; 7 days is the most that is asked for');
  });
});

describe('what a key set says by itself', () => {
  const publishing = (name: string, bits: number): SomeFacts => ({
    issuer: [{ ...corp, published: [{ thumbprint: 'x', strength: { name, bits } }] }],
  });

  it('a key of less strength than is asked for, with the source of the figure; from 2031 on NIST asks for more', () => {
    const short = publishing('RSA 2048', 112);
    expect(found(short)).toEqual([]);
    const [finding] = found(short, nowMs, { ...terms, keyStrength: 128 });
    expect(finding).toMatchObject({ kind: 'key_strength_low', issuer: 'corp', thumbprint: 'x' });
    const in2031 = Date.UTC(2031, 0, 1);
    expect(found(short, in2031 - 1).map(({ kind }) => kind)).not.toContain('key_strength_low');
    const [later] = found(short, in2031);
    expect(later && textsOf(later, terms, in2031).says).toBe(
      'corp publishes a key (RSA 2048) of 112 bits of security by NIST SP 800-57 part 1, table 2; 128 are asked for',
    );
    expect(found(publishing('RSA 3072', 128), in2031).map(({ kind }) => kind)).not.toContain('key_strength_low');
  });

  it('more keys at once than are asked for', () => {
    expect(found({ issuer: [{ ...corp, largestSet: 10 }] })).toEqual([]);
    const [finding] = found({ issuer: [{ ...corp, largestSet: 11 }] });
    expect(finding).toMatchObject({ kind: 'key_set_broad', issuer: 'corp', keyCount: 11 });
    expect(said(finding)).toBe('corp publishes 11 keys at once; 10 is the most that is asked for');
  });

  it('a key that is denied without an end, by whom it may be', () => {
    const denials = [{ thumbprint: 'x', atMs: ago(3) }, { thumbprint: 'y' }];
    const findings = found({ issuer: [{ ...corp, endlessDenials: denials }] });
    expect(findings).toMatchObject([
      { kind: 'decision_endless', thumbprint: 'x' },
      { kind: 'decision_endless', thumbprint: 'y' },
    ]);
    expect(findings.map(said)).toEqual([
      'A key of corp is denied since 2026-11-27, without an end',
      'A key of corp is denied by the configuration, without an end',
    ]);
  });
});

describe('what a caller does', () => {
  it('asking about tokens for others is a finding until it has not done so for as long as is asked for', () => {
    const asked = (daysAgo: number): SomeFacts => ({
      caller: [{ ...orders, record: withPart(foreignAudience, ago(90), ago(daysAgo)) }],
    });
    const [finding] = found(asked(2));
    expect(finding).toMatchObject({ kind: 'foreign_audience', caller: 'orders', isDecided: true });
    expect(said(finding)).toBe(
      'orders asked about good tokens for audiences that it was not granted, last on 2026-11-28',
    );
    expect(found(asked(30))).toEqual([]);
    expect(found({ caller: [{ ...orders, record: withPart(foreignAudience, ago(90)) }] })).toEqual([]);
  });

  it('having a secret that others have names those, and no more than three of them in words', () => {
    const [finding] = found({ caller: [{ ...orders, sharesSecretWith: ['a', 'b', 'c', 'd', 'e'] }] });
    expect(finding).toMatchObject({ kind: 'secret_shared', caller: 'orders' });
    expect(said(finding)).toBe('A secret of orders is one of a, b, c and 2 more as well');
  });

  it('a lifetime is not loose that is less than four times what is needed, nor before it was watched for a month', () => {
    const lived = (seconds: number, sinceDays: number): SomeFacts => ({
      issuer: [{ ...corp, record: { ...fresh, sinceMs: ago(sinceDays), longest: { seconds, atMs: nowMs } } }],
    });
    expect(found(lived(901, 400))).toEqual([]);
    expect(found(lived(900, 29))).toEqual([]);
    expect(said(found(lived(900, 400))[0])).toBe(
      'corp may sign tokens that live 1h, and in 30 days signed none that lives longer than 15m',
    );
  });
});

describe('what was not watched long enough', () => {
  it('is not said to be never used: how long it was watched is said instead', () => {
    const record = { ...fresh, parts: new Map([['corp', { sinceMs: ago(3) }]]) };
    const [finding] = found({ caller: [{ ...orders, record }] });
    expect(finding).toMatchObject({ kind: 'right_unused', isDecided: false });
    expect(said(finding)).toBe(
      'orders was granted corp, and was shown no token of it yet: watched for 3 days only, of 30 days',
    );
  });

  it('is not said to be without rotation, where no rotation was seen and the keys may be older', () => {
    const record = { ...fresh, parts: new Map([['only', { sinceMs: nowMs - 5 * hour, lastMs: nowMs }]]) };
    const [finding] = found({ issuer: [{ ...corp, record }] });
    expect(finding).toMatchObject({ kind: 'rotation_overdue', isDecided: false });
    expect(said(finding)).toBe('corp has published no new key yet: watched for 5 hours only, of 90 days');
  });

  it('is no question any more after the first use', () => {
    const record = { ...fresh, parts: new Map([['corp', { sinceMs: ago(3), lastMs: ago(2) }]]) };
    expect(found({ caller: [{ ...orders, record }] })).toEqual([]);
  });
});

describe('one cause has one finding', () => {
  it('of an issuer that is not used, not each key; of a caller that does not ask, not each right', () => {
    const unused = { sinceMs: ago(60), parts: new Map([['x', { sinceMs: ago(60) }]]) };
    const facts = {
      issuer: [{ ...corp, record: unused, published: [{ thumbprint: 'x' }] }],
      caller: [{ ...orders, record: unused }],
    };
    expect(found(facts).filter(({ isDecided }) => isDecided)).toMatchObject([
      { kind: 'issuer_unused' },
      { kind: 'caller_unused' },
    ]);
  });

  it('an issuer with whose tokens callers prove who they are is used by that', () => {
    const record = { sinceMs: ago(60), parts: new Map([['x', { sinceMs: ago(60) }]]) };
    expect(found({ issuer: [{ ...corp, record, published: [{ thumbprint: 'x' }], vouchesForCallers: true }] })).toMatchObject([
      { kind: 'rotation_overdue', isDecided: false },
    ]);
  });

  it('says of a secret that ends whether another one stays', () => {
    const [finding] = found({ caller: [{ ...orders, secretEnds: [nowMs - day, nowMs + 300 * day] }] });
    expect(said(finding)).toBe('A secret of orders ended on 2026-11-29; another one stays');
  });
});
