import { describe, expect, it } from 'vitest';
import { RecordedProblems } from '../../../test/builders/recorded-problems.js';
import { fillInPreset } from './fill-in-preset.js';

const pool = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI';
const clients = { claim: 'client_id', oneOf: ['app-1'] };
const cognito = { id: 'pool', preset: 'cognito', issuer: pool, rules: [clients] };

function fillIn(written: unknown) {
  const found = new RecordedProblems();
  const result = fillInPreset(written, found.place('issuers[0]')) as Readonly<Record<string, unknown>>;
  return { result, found };
}

describe('a registration with a preset', () => {
  it('gets what the preset knows, where it says nothing itself', () => {
    const { result, found } = fillIn(cognito);
    found.expectNone();
    expect(found.warnings).toEqual([]);
    const keys = { jwksUri: `${pool}/.well-known/jwks.json` };
    expect(result).toMatchObject({ id: 'pool', issuer: pool, algorithms: ['RS256'], audiences: 'any', keys });
  });

  it('keeps what it says itself: a list, a place of keys, a text', () => {
    const own = { algorithms: ['ES256'], keys: { jwksUri: 'https://keys.corp.example' }, usernameClaim: 'email' };
    expect(fillIn({ ...cognito, ...own }).result).toMatchObject(own);
  });

  it('has the rules of both, and its own rule for a claim instead of that of the preset', () => {
    const access = { claim: 'token_use', equals: 'access' };
    const either = { claim: 'token_use', oneOf: ['access', 'id'] };
    expect(fillIn(cognito).result['rules']).toEqual([access, clients]);
    expect(fillIn({ ...cognito, rules: [clients, either] }).result['rules']).toEqual([clients, either]);
  });

  it('requires the claims of both, and nothing where its list is empty', () => {
    const issuer = 'https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0';
    const entra = { id: 'e', preset: 'entra-v2', issuer, audiences: ['6e74172b'] };
    const required = (own: unknown = null) => fillIn({ ...entra, requiredClaims: own }).result['requiredClaims'];
    expect(required()).toEqual(['azp']);
    expect(required(['tid', 'azp'])).toEqual(['tid', 'azp']);
    expect(required(['tid'])).toEqual(['azp', 'tid']);
    expect(required([])).toEqual([]);
  });

  it('takes a setting that is written without a value for one that is left out', () => {
    expect(fillIn({ ...cognito, algorithms: null }).result).toMatchObject({ algorithms: ['RS256'] });
  });

  it('must answer what only its reader knows, with words that say what is wanted', () => {
    const entra = {
      id: 'e',
      preset: 'entra-v2',
      issuer: 'https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0',
    };
    const { found } = fillIn(entra);
    expect(found.problems).toMatchObject([
      { path: 'issuers[0].audiences', expected: expect.stringContaining('client) id of your API') as string },
    ]);
    fillIn({ ...entra, audiences: ['6e74172b'] }).found.expectNone();
  });

  it.each([
    ['no rules', undefined],
    ['an empty list', []],
    ['a rule for another claim', [{ claim: 'scope', contains: 'x' }]],
    ['a rule that lets pass whoever has no such claim', [{ ...clients, optional: true }]],
    ['no list', 'client_id'],
  ])('is refused where a rule keeps strangers out, and there is none: %s', (_, rules) => {
    expect(fillIn({ ...cognito, rules }).found.paths).toEqual(['issuers[0].rules']);
  });

  it('is refused where only the issuer itself can verify its tokens, with the way out', () => {
    const { found } = fillIn({ id: 'o', preset: 'okta-org', issuer: 'https://corp.okta.com', audiences: ['x'] });
    expect(found.problems).toMatchObject([
      { path: 'issuers[0].preset', expected: expect.stringContaining('okta-custom') as string },
    ]);
  });

  it('is warned where strangers may be welcome, and no rule keeps them out', () => {
    const google = { id: 'g', preset: 'google-id', audiences: ['1234567890-abc.apps.googleusercontent.com'] };
    const { found } = fillIn(google);
    found.expectNone();
    expect(found.warnings).toMatchObject([
      { path: 'issuers[0].rules', expected: expect.stringContaining('a service account of anybody') as string },
    ]);
    expect(fillIn({ ...google, rules: [{ claim: 'azp', equals: '1138' }] }).found.warnings).toEqual([]);
  });

  it('finds the keys of Google for its name without https, too', () => {
    const { result } = fillIn({ id: 'g', preset: 'google-id', issuer: 'accounts.google.com', audiences: ['x'] });
    expect(result).toMatchObject({ keys: { jwksUri: 'https://www.googleapis.com/oauth2/v3/certs' } });
  });

  it('works with an identifier that its provider does not write, and is warned', () => {
    const { found } = fillIn({ ...cognito, issuer: 'https://login.corp.example' });
    found.expectNone();
    expect(found.warnings).toMatchObject([
      { path: 'issuers[0].issuer', expected: expect.stringContaining('a user pool') as string },
    ]);
  });

  const tid = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';
  const shared = { tenants: [tid], class: 'guid', claim: 'tid', keys: 'shared' };
  const metadata = '.well-known/openid-configuration';
  const global = 'https://login.microsoftonline.com';

  it.each([
    ['v1', `https://sts.windows.net/${tid}/`, {}, `${global}/${tid}/${metadata}`],
    ['v1', `https://sts.chinacloudapi.cn/${tid}/`, {}, `https://login.partner.microsoftonline.cn/${tid}/${metadata}`],
    ['v1', 'https://sts.windows.net/{tenant}/', { template: shared }, `${global}/organizations/${metadata}`],
    ['v2', `${global}/{tenant}/v2.0`, { template: shared }, `${global}/organizations/v2.0/${metadata}`],
    ['v2', `${global}/{tenant}/v2.0`, { template: { keys: 'perTenant' } }, `${global}/{tenant}/v2.0/${metadata}`],
    ['v2', `${global}/${tid}/v2.0`, {}, undefined],
  ])('finds the keys of Entra where they are: %s %s', (version, issuer, more, discoveryUrl) => {
    const { result } = fillIn({ id: 'e', preset: `entra-${version}`, issuer, audiences: ['x'], ...more });
    expect(result['keys']).toEqual(discoveryUrl === undefined ? undefined : { discoveryUrl });
  });
});

describe('what is given back as it is', () => {
  it.each([
    ['no preset', { id: 'corp', issuer: 'https://x.example' }],
    ['one that nobody knows, which is refused where it is read', { preset: 'entra-v3' }],
    ['the name of something that every object has', { preset: 'constructor' }],
    ['no name', { preset: ['cognito'] }],
    ['no registration', 'cognito'],
    ['nothing', null],
  ])('%s', (_, written) => {
    const { result, found } = fillIn(written);
    found.expectNone();
    expect(result).toBe(written);
  });
});
