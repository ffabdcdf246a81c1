/** JWT-SVIDs of SPIRE, which name no issuer: their subject says whose they are. */
import type { ProviderRow } from './support/provider-row.js';

const spiffeId = 'spiffe://prod.corp.example/ns/shop/sa/web';

/** One trust domain, with a bundle as its endpoint serves it. */
export const workloads: readonly ProviderRow[] = [
  {
    headers: {},
    preset: 'spiffe',
    iss: 'none',
    registration: { audiences: ['spiffe://prod.corp.example/orders'], spiffe: { trustDomain: 'prod.corp.example' } },
    place: 'bundle',
    alg: 'ES256',
    published: { use: 'jwt-svid', alg: undefined },
    document: { spiffe_sequence: 7, spiffe_refresh_hint: 300 },
    accepted: [
      {
        what: 'without iss',
        claims: { iss: undefined, sub: spiffeId, aud: ['spiffe://prod.corp.example/orders'] },
        answer: { sub: spiffeId, aud: ['spiffe://prod.corp.example/orders'] },
      },
    ],
    refused: [
      {
        what: 'of another trust domain',
        claims: { sub: 'spiffe://test.corp.example/ns/shop/sa/web' },
        code: 'issuer_missing',
        hint: 'another trust domain',
      },
      {
        what: 'with an iss that is not registered',
        claims: { iss: 'https://spire.corp.example' },
        code: 'issuer_unknown',
        hint: 'jwt_issuer',
      },
      {
        what: 'for another service',
        claims: { aud: ['spiffe://prod.corp.example/invoices'] },
        code: 'audience_mismatch',
        hint: 'each audience',
      },
    ],
  },
];
