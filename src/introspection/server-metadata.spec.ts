import { describe, expect, it } from 'vitest';
import { ServerMetadata, type ServerMetadataTerms } from './server-metadata.js';

const terms: ServerMetadataTerms = {
  identifier: 'https://assay.example.com',
  methods: ['tls_client_auth', 'client_secret_basic', 'client_secret_basic'],
  assertionAlgorithms: [],
};

function published(metadata: ServerMetadata): unknown {
  return JSON.parse(metadata.body!.toString());
}

describe('ServerMetadata', () => {
  it('R7662-39 names the endpoint and exactly the enabled methods', () => {
    expect(published(new ServerMetadata(terms))).toEqual({
      issuer: 'https://assay.example.com',
      introspection_endpoint: 'https://assay.example.com/introspect',
      introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'tls_client_auth'],
      revocation_endpoint: 'https://assay.example.com/revoke',
      revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'tls_client_auth'],
      events_endpoint: 'https://assay.example.com/events',
      response_types_supported: [],
      grant_types_supported: [],
    });
  });

  it('R7662-39 names the algorithms of assertions where they are enabled', () => {
    const metadata = new ServerMetadata(terms);
    metadata.replace({ ...terms, methods: ['private_key_jwt'], assertionAlgorithms: ['ES256', 'RS256'] });
    expect(published(metadata)).toMatchObject({
      introspection_endpoint_auth_methods_supported: ['private_key_jwt'],
      introspection_endpoint_auth_signing_alg_values_supported: ['ES256', 'RS256'],
      revocation_endpoint_auth_methods_supported: ['private_key_jwt'],
      revocation_endpoint_auth_signing_alg_values_supported: ['ES256', 'RS256'],
    });
  });

  it('keeps the identifier as it is, and its endpoint below it', () => {
    const metadata = new ServerMetadata({ ...terms, identifier: 'https://corp.example/assay/' });
    expect(published(metadata)).toMatchObject({
      issuer: 'https://corp.example/assay/',
      introspection_endpoint: 'https://corp.example/assay/introspect',
      revocation_endpoint: 'https://corp.example/assay/revoke',
    });
  });

  it('has nothing to say without an identifier', () => {
    expect(new ServerMetadata({ ...terms, identifier: undefined }).body).toBeUndefined();
  });
});
