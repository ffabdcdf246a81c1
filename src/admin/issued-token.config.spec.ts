import { describe, expect, it } from 'vitest';
import { RecordedProblems } from '../../test/builders/recorded-problems.js';
import { Place } from '../shared/configuration/place.js';
import { Written } from '../shared/configuration/written.js';
import type { IssuerSection } from '../issuers/issuers.config.js';
import { refuseUntrustedIssuers, warnOfSharedAudiences } from './issued-token.config.js';

const corp = { id: 'corp', issuer: 'https://login.corp.example' };
const token = {
  issuer: 'corp',
  audience: 'https://assay.example/admin',
  rules: [{ claim: 'groups', contains: 'sre' }],
};

/** What is refused of a file with these issuers, and one admin token of `corp`. */
function refusedOf(issuers: readonly object[], included: readonly number[] = []): readonly string[] {
  const refused: string[] = [];
  const file = new Place({
    report: ({ path, found, expected }) => void refused.push(`${path}: ${found}: ${expected}`),
    warn: () => undefined,
    originOf: (list, i) =>
      list === 'issuers' && included.includes(i) ? { file: 'team.yaml', path: `team.yaml:issuers[${i}]` } : undefined,
  });
  const written = new Written(
    {
      issuers,
      admin: {
        tokens: [
          { id: 'ops', secret: 'x' },
          { id: 'sre', token },
        ],
      },
    },
    file,
  );
  refuseUntrustedIssuers(written.at('admin').at('tokens').members, written);
  return refused;
}

describe('the issuer of admin tokens', () => {
  it('is one of the main file', () => {
    expect(refusedOf([corp])).toEqual([]);
    expect(refusedOf([{ ...corp, id: 'crop' }])).toEqual([
      'admin.tokens[1].token.issuer: "corp": the id of an issuer of the main file; did you mean crop?',
    ]);
    expect(refusedOf([{ id: 'shop' }, corp], [1])).toEqual([
      expect.stringContaining(
        'admin.tokens[1].token.issuer: an issuer of an included file: an issuer of the main file',
      ),
    ]);
  });

  it('is not guessed at while an id cannot be read', () => {
    expect(refusedOf([{ id: 7 }])).toEqual([]);
  });

  it.each([
    ['has no many tenants', { template: { class: 'guid' } }, 'an issuer of many tenants'],
    ['is judged by its keys', { opaque: { jwt: 'introspect' } }, 'an issuer with jwt: introspect'],
  ])('%s', (_, more, found) => {
    expect(refusedOf([{ ...corp, ...more }])).toEqual([
      expect.stringContaining(`admin.tokens[1].token.issuer: ${found}: `),
    ]);
  });
});

describe('the audience of admin tokens', () => {
  it('is warned of where tokens for others have it too', () => {
    const recorded = new RecordedProblems();
    const issuers = [{ id: 'corp', audiences: ['https://api.example'] }] as unknown as readonly IssuerSection[];
    warnOfSharedAudiences([{}, { token }], issuers, recorded.place('admin.tokens'));
    expect(recorded.warnings).toEqual([]);
    const shared = { ...token, audience: 'https://api.example' };
    warnOfSharedAudiences([{}, { token: shared }], issuers, recorded.place('admin.tokens'));
    expect(recorded.warnings.map(({ path }) => path)).toEqual(['admin.tokens[1].token.audience']);
  });
});
