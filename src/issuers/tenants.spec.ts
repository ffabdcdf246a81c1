import { describe, expect, it } from 'vitest';
import { aJwks, aKey } from '../../test/builders/a-key.js';
import { prepared } from '../../test/verification/support/prepared.js';

const tenant = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';
const other = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const scopedKeys = { jwks: aJwks(aKey()) };

const entra = {
  id: 'entra',
  issuer: 'https://login.microsoftonline.com/{tenant}/v2.0',
  template: { tenants: [tenant], class: 'guid', claim: 'tid', keys: 'shared' },
  keys: { discoveryUrl: 'https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration' },
};
const realms = {
  id: 'kc',
  issuer: 'https://sso.corp.example/realms/{tenant}',
  template: { tenants: ['red', 'Blue'], class: 'name', keys: 'perTenant' },
};

const prepare = (...issuers: readonly object[]) => prepared(issuers);

describe('a template', () => {
  it('with shared keys is one issuer, whose metadata may have the placeholder of the provider', async () => {
    const { prepared: made, problems } = await prepare(entra);
    expect(problems).toEqual([]);
    expect(made).toMatchObject([
      {
        id: 'entra',
        template: { prefix: 'https://login.microsoftonline.com/', suffix: '/v2.0', tenants: new Set([tenant]) },
        metadataIssuers: ['https://login.microsoftonline.com/{tenantid}/v2.0'],
      },
    ]);
  });

  it('with keys for each tenant is an issuer for each, with URLs made of the list', async () => {
    const { prepared: made, problems } = await prepare(realms);
    expect(problems).toEqual([]);
    expect(made).toMatchObject([
      { id: 'kc~red', issuer: 'https://sso.corp.example/realms/red', tenantOf: { registration: 'kc', tenant: 'red' } },
      { id: 'kc~Blue', issuer: 'https://sso.corp.example/realms/Blue', keys: { kind: 'discovery' } },
    ]);
    expect(new Set(made.map(({ keySourceFingerprint }) => keySourceFingerprint)).size).toBe(2);

    const keys = { jwksUri: 'https://sso.corp.example/realms/{tenant}/certs' };
    expect((await prepare({ ...realms, keys })).prepared.map((one) => one.keys)).toEqual([
      { kind: 'jwksUri', url: 'https://sso.corp.example/realms/red/certs' },
      { kind: 'jwksUri', url: 'https://sso.corp.example/realms/Blue/certs' },
    ]);
  });

  it('may share its text with another one, for other tenants', async () => {
    const template = { ...entra.template, tenants: [other] };
    expect((await prepare(entra, { ...entra, id: 'more', template })).problems).toEqual([]);
  });

  const shared = { ...entra.template };
  const own = realms.template;
  const url = 'https://sso.corp.example/certs';
  it.each([
    ['any tenant with keys of its own', { ...realms, template: { ...own, tenants: 'any' } }, 'template.tenants'],
    ['a tenant in upper case', { ...entra, template: { ...shared, tenants: ['8EAEF023'] } }, 'template.tenants[0]'],
    ['a tenant with a slash', { ...realms, template: { ...own, tenants: ['a/b'] } }, 'template.tenants[0]'],
    ['a tenant with a percent', { ...realms, template: { ...own, tenants: ['a%2e'] } }, 'template.tenants[0]'],
    [
      'more than a thousand tenants with keys of their own',
      { ...realms, template: { ...own, tenants: Array.from({ length: 1_001 }, (_, i) => `t${i}`) } },
      'template.tenants',
    ],
    ['shared keys without the claim', { ...entra, template: { ...shared, claim: undefined } }, 'template'],
    ['shared keys found under the identifier', { ...entra, keys: { discovery: 'oidc' } }, 'keys'],
    ['shared keys in a form without scopes', { ...entra, keys: { pemFile: 'x.pem' } }, 'keys'],
    ['shared keys at a URL of a tenant', { ...entra, keys: { jwksUri: 'https://x.example/{tenant}' } }, 'keys'],
    ['keys of each tenant at one URL', { ...realms, keys: { jwksUri: url } }, 'keys'],
    ['keys of each tenant in one text', { ...realms, keys: scopedKeys }, 'keys'],
    ['an identifier without the place', { ...entra, issuer: 'https://login.microsoftonline.com/x' }, 'issuer'],
    ['an identifier with two places', { ...entra, issuer: 'https://{tenant}.example/{tenant}' }, 'issuer'],
    ['an identifier that is all place', { ...entra, issuer: '{tenant}' }, 'issuer'],
    ['a place without a template', { id: 'x', issuer: 'https://x.example/{tenant}', keys: { jwksUri: url } }, 'issuer'],
  ])('is refused with %s', async (_name, raw, path) => {
    const { paths } = await prepare(raw);
    expect(paths).toEqual([`issuers[0].${path}`]);
  });

  it.each([
    ['the same tenant', entra, { ...entra, id: 'more' }],
    ['all tenants', entra, { ...entra, id: 'more', template: { ...shared, tenants: 'any' } }],
    [
      'a text that covers it',
      { ...entra, template: { ...shared, tenants: 'any' } },
      {
        ...entra,
        id: 'more',
        issuer: 'https://login.microsoftonline.com/8eaef023{tenant}/v2.0',
        template: { ...shared, tenants: 'any' },
      },
    ],
    ['a realm of another one', realms, { ...realms, id: 'more', template: { ...own, tenants: ['red'] } }],
  ])('is refused beside one for %s', async (_name, one, two) => {
    const { paths, problems } = await prepare(one, two);
    expect(paths).toEqual(['issuers[1].template']);
    expect(problems[0]).toMatchObject({ found: `tenants of ${one.id}` });
  });
});
