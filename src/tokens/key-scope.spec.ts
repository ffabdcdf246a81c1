import { describe, expect, it } from 'vitest';
import { isInScope } from './key-scope.js';

const tenant = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';
const other = '9188040d-6c67-4c5b-b112-36a304b66dad';
const issuerOf = (id: string): string => `https://login.example/${id}/v2.0`;
const template = issuerOf('{tenantid}');
const claims = { iss: issuerOf(tenant), tid: tenant };

describe('isInScope', () => {
  it.each<[string, string | undefined, object]>([
    ['no issuer', undefined, claims],
    ['no issuer, of a token without a tenant', undefined, { iss: 'corp' }],
    ['the issuer of the token', issuerOf(tenant), claims],
    ['the issuer of the token, which has no tenant', issuerOf(tenant), { iss: issuerOf(tenant) }],
    ['the placeholder for its tenant', template, claims],
    ['the placeholder in other letters', issuerOf('{tenantId}'), claims],
  ])('lets a key with %s verify', (_name, issuer, token) => {
    expect(isInScope({ ...(issuer !== undefined && { issuer }) }, { ...token }, [])).toBe(true);
  });

  it.each<[string, string, object]>([
    ['the issuer of another tenant', issuerOf(other), claims],
    ['another issuer', 'https://elsewhere.example', claims],
    ['the issuer in other letters', issuerOf(tenant).toUpperCase(), claims],
    ['the placeholder, for a token without a tenant', template, { iss: issuerOf(tenant) }],
    [
      'the placeholder, for a token whose tenant is not that of its issuer',
      template,
      { iss: issuerOf(tenant), tid: other },
    ],
    ['the placeholder, for a tenant that is no text', template, { iss: issuerOf(tenant), tid: [tenant] }],
    ['the placeholder, for a part of a tenant', template, { iss: issuerOf(tenant), tid: tenant.slice(1) }],
    ['the issuer of another tenant that the token claims', issuerOf(other), { iss: issuerOf(tenant), tid: other }],
  ])('lets no key with %s verify, whatever the metadata is called', (_name, issuer, token) => {
    for (const names of [[], [issuerOf(tenant)], [template]]) {
      expect(isInScope({ issuer }, { ...token }, names)).toBe(false);
    }
  });

  it('takes what the metadata calls the issuer for another name of it', () => {
    const first = { iss: `https://sts.example/${tenant}/`, tid: tenant };
    expect(isInScope({ issuer: template }, first, [])).toBe(false);
    expect(isInScope({ issuer: template }, first, [issuerOf(tenant)])).toBe(true);
    expect(isInScope({ issuer: template }, first, [template])).toBe(true);
    expect(isInScope({ issuer: issuerOf(other) }, first, [issuerOf(tenant)])).toBe(false);
    expect(isInScope({ issuer: issuerOf(other) }, { ...first, tid: other }, [template])).toBe(false);
  });
});
