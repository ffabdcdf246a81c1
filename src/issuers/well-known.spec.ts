import { describe, expect, it } from 'vitest';
import { wellKnownUrls } from './well-known.js';

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
