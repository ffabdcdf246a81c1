import { describe, expect, it } from 'vitest';
import { ago, corp, found, fresh, nowMs, orders, said, withPart } from '../../test/builders/hygiene-facts.js';
import { day, hour } from '../shared/configuration/quantities.js';
import type { Finding, IssuerFacts } from './findings.js';
import { partName } from './use-parts.js';

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
      {
        caller: [{ ...orders, audiences: ['https://a'], record: withPart(partName('audience', 'https://a'), ago(30)) }],
      },
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
    expect(
      found({ issuer: [{ ...corp, record, published: [{ thumbprint: 'x' }], vouchesForCallers: true }] }),
    ).toMatchObject([{ kind: 'rotation_overdue', isDecided: false }]);
  });

  it('says of a secret that ends whether another one stays', () => {
    const [finding] = found({ caller: [{ ...orders, secretEnds: [nowMs - day, nowMs + 300 * day] }] });
    expect(said(finding)).toBe('A secret of orders ended on 2026-11-29; another one stays');
  });
});
