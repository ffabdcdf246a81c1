import { describe, expect, it } from 'vitest';
import { RecordedProblems } from '../../test/builders/recorded-problems.js';
import { AdminTokens } from './admin-tokens.js';
import { type AdminTokenSection, prepareAdmin } from './admin.section.js';

const secret = 'operator-token-Pf4Gs8Rd1JkQm6BzXv0C';
const ops = { id: 'ops', secret, role: 'operator' } as const satisfies AdminTokenSection;

const token = { issuer: 'corp', audience: 'https://assay.example', rules: [{ claim: 'groups', contains: 'sre' }] };

function problemsOf(tokens: readonly AdminTokenSection[], callerSecrets: readonly string[] = []): readonly string[] {
  const recorded = new RecordedProblems();
  prepareAdmin({ tokens }, recorded.place('admin'), new Set(callerSecrets));
  expect(JSON.stringify(recorded.problems)).not.toContain(secret);
  return recorded.paths;
}

describe('prepareAdmin', () => {
  it('makes tokens that can be found, by their whole secret alone', () => {
    const [tokens, recorded] = [new AdminTokens(), new RecordedProblems()];
    tokens.replace(prepareAdmin({ tokens: [ops] }, recorded.place('admin'), new Set()));
    recorded.expectNone();
    expect(tokens.find(secret)).toMatchObject({ admin: { id: 'ops', role: 'operator' }, match: 'strong' });
    for (const wrong of ['', secret.slice(1), `${secret}x`, secret.toLowerCase(), 'ops']) {
      expect(tokens.find(wrong)).toBeUndefined();
    }
  });

  it.each([
    ['no token', [], ['admin.tokens']],
    ['a short secret', [{ ...ops, secret: 'short' }], ['admin.tokens[0].secret']],
    ['an endless secret', [{ ...ops, secret: 'x'.repeat(1_025) }], ['admin.tokens[0].secret']],
    ['what no header can carry', [{ ...ops, secret: `${secret} ü` }], ['admin.tokens[0].secret']],
    ['an id twice', [ops, { ...ops, secret: `${secret}2` }], ['admin.tokens[1].id']],
    ['a secret twice', [ops, { ...ops, id: 'b' }], ['admin.tokens[1].secret']],
    ['a secret and a token of an issuer', [{ ...ops, token }], ['admin.tokens[0]']],
    ['neither', [{ id: 'ops', role: 'operator' }], ['admin.tokens[0]']],
  ] as const)('refuses %s', (_, tokens, paths) => {
    expect(problemsOf(tokens)).toEqual(paths);
  });

  it('RADM-01 refuses the secret of a caller', () => {
    expect(problemsOf([ops], [secret])).toEqual(['admin.tokens[0].secret']);
    expect(problemsOf([ops], ['another'])).toEqual([]);
  });
});

describe('AdminTokens', () => {
  it('has none before a configuration, and none where it has no section', () => {
    const tokens = new AdminTokens();
    expect(tokens.areConfigured).toBe(false);
    tokens.replace(undefined);
    expect([tokens.areConfigured, tokens.find(secret)]).toEqual([false, undefined]);
  });
});
