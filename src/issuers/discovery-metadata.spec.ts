import { describe, expect, it } from 'vitest';
import { readDiscoveryMetadata, type IssuerMetadataTerms, wellKnownUrls } from './discovery-metadata.js';

describe('wellKnownUrls', () => {
  it('R8414-02 inserts the segment for RFC 8414 and OpenID, then appends it', () => {
    expect(wellKnownUrls('https://h/a/b', 'auto')).toEqual([
      'https://h/.well-known/oauth-authorization-server/a/b',
      'https://h/.well-known/openid-configuration/a/b',
      'https://h/a/b/.well-known/openid-configuration',
    ]);
  });

  it('R8414-02 removes one terminating slash first', () => {
    expect(wellKnownUrls('https://h/a/b/', 'oauth')).toEqual(['https://h/.well-known/oauth-authorization-server/a/b']);
    expect(wellKnownUrls('https://h/a/b/', 'oidc')).toEqual(['https://h/a/b/.well-known/openid-configuration']);
    expect(wellKnownUrls('https://h/', 'oidc')).toEqual(['https://h/.well-known/openid-configuration']);
  });

  it('asks each place once where the forms meet', () => {
    expect(wellKnownUrls('https://h:8443', 'auto')).toEqual([
      'https://h:8443/.well-known/oauth-authorization-server',
      'https://h:8443/.well-known/openid-configuration',
    ]);
  });
});

const terms: IssuerMetadataTerms = {
  issuer: 'https://login.corp.example/t',
  metadataIssuers: [],
  metadataUrl: 'https://login.corp.example/t/.well-known/openid-configuration',
  jwksHosts: [],
  allowPrivate: false,
};

function read(members: Record<string, unknown>, differences: Partial<IssuerMetadataTerms> = {}): string {
  const document = { issuer: terms.issuer, jwks_uri: 'https://login.corp.example/jwks', ...members };
  return readDiscoveryMetadata(Buffer.from(JSON.stringify(document)), { ...terms, ...differences }).jwksUri;
}

describe('readDiscoveryMetadata', () => {
  it('leads behind a proxy, where no address can be judged, to hosts of the configuration alone', () => {
    const elsewhere = { jwks_uri: 'https://keys.example/jwks' };
    expect(read(elsewhere)).toBe(elsewhere.jwks_uri);
    expect(() => read(elsewhere, { mustBeListed: true })).toThrow('keys.jwksHosts');
    expect(read(elsewhere, { mustBeListed: true, jwksHosts: ['keys.example'] })).toBe(elsewhere.jwks_uri);
    expect(read({}, { mustBeListed: true })).toBe('https://login.corp.example/jwks');
  });

  it('takes jwks_uri from the metadata of the registered issuer', () => {
    expect(read({})).toBe('https://login.corp.example/jwks');
  });

  it.each([
    ['a slash more', 'https://login.corp.example/t/'],
    ['another case', 'https://LOGIN.corp.example/t'],
    ['another tenant', 'https://login.corp.example/u'],
    ['a template', 'https://login.corp.example/{tenantid}'],
    ['missing', undefined],
    ['an array', ['https://login.corp.example/t']],
    ['null', null],
  ])('F-09 R8414-04 refuses metadata whose issuer is %s', (_case, issuer) => {
    expect(() => read({ issuer })).toThrow('issuer differs');
  });

  it.each([
    'http://login.corp.example/jwks',
    'file:///etc/passwd',
    'gopher://login.corp.example/',
    'data:application/json,{"keys":[]}',
    '//login.corp.example/jwks',
    '/jwks',
    'https://user:secret@login.corp.example/jwks',
    'https://login.corp.example/jwks\r\nX: y',
  ])('F-10 refuses jwks_uri %j', (jwksUri) => {
    expect(() => read({ jwks_uri: jwksUri })).toThrow('jwks_uri');
  });

  it.each([undefined, null, 7, ['https://login.corp.example/jwks']])('F-10 refuses jwks_uri %j', (jwksUri) => {
    expect(() => read({ jwks_uri: jwksUri })).toThrow('jwks_uri is missing');
  });

  it.each([22, 25, 80, 6379, 8443])('F-10 refuses port %i of the own host and of others', (port) => {
    expect(() => read({ jwks_uri: `https://login.corp.example:${port}/jwks` })).toThrow('host or port');
    expect(() => read({ jwks_uri: `https://keys.example:${port}/jwks` })).toThrow('host or port');
  });

  it('lets jwks_uri have the very port of the metadata', () => {
    const metadataUrl = 'https://login.corp.example:8443/.well-known/openid-configuration';
    const jwksUri = 'https://login.corp.example:8443/jwks';

    expect(read({ jwks_uri: jwksUri }, { metadataUrl })).toBe(jwksUri);
  });

  it('R8414-06 lets jwks_uri name another host, unless hosts are listed', () => {
    const elsewhere = { jwks_uri: 'https://keys.example/jwks' };

    expect(read(elsewhere)).toBe('https://keys.example/jwks');
    expect(read(elsewhere, { jwksHosts: ['keys.example'] })).toBe('https://keys.example/jwks');
    expect(() => read(elsewhere, { jwksHosts: ['other.example'] })).toThrow('host or port');
    expect(read({}, { jwksHosts: ['other.example'] })).toBe('https://login.corp.example/jwks');
  });

  it('RK8S-01 lets jwks_uri name a listed host with its port', () => {
    const apiServer = { jwks_uri: 'https://10.0.0.1:6443/openid/v1/jwks' };

    expect(read(apiServer, { jwksHosts: ['10.0.0.1:6443'], allowPrivate: true })).toBe(apiServer.jwks_uri);
    expect(() => read(apiServer, { jwksHosts: ['10.0.0.1'], allowPrivate: true })).toThrow('host or port');
  });

  it.each(['[]', 'null', '""', '{', '{"issuer":"a","issuer":"b"}', ''])('R8414-03 refuses the text %j', (text) => {
    expect(() => readDiscoveryMetadata(Buffer.from(text), terms)).toThrow(/JSON/);
  });

  it('R8414-08 R8414-09 ignores algorithm lists and signed_metadata', () => {
    expect(read({ id_token_signing_alg_values_supported: ['none', 'HS256'], signed_metadata: 'a.b.c' })).toBe(
      'https://login.corp.example/jwks',
    );
  });
});
