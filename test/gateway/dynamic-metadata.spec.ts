import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Reception } from '../endpoints/reception.js';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';
import { AUDIENCE } from '../vectors/world.js';
import { EnvoyClient } from './support/envoy.js';

let reception: Reception;
let endpoint: GrpcEndpoint;
let envoy: EnvoyClient;

beforeAll(async () => {
  const minimal = { id: 'edge-minimal', proxy: true, issuers: 'any', audiences: 'any', claims: 'any' } as const;
  reception = await Reception.open({ callers: [{ ...minimal, answer: 'minimal' }] });
  endpoint = await GrpcEndpoint.before(reception, { trustedProxies: ['127.0.0.1'] });
  envoy = new EnvoyClient(endpoint.port);
});

afterAll(async () => {
  envoy.close();
  await endpoint.close();
});

describe('dynamic metadata of ext_authz', () => {
  it('KIT-01 filters behind it can decide by what the token says, as far as the profile may see it', async () => {
    const claims = { tenant: { id: 7, tags: ['a', null, true] } };
    const rich = reception.context.good.with({ scope: 'orders:read orders:write', ...claims }).build();
    const { metadata } = await envoy.check({ token: rich });
    expect(metadata).toEqual({
      issuer: 'https://login.corp.example',
      subject: 'alice',
      client_id: 'shop',
      scope: ['orders:read', 'orders:write'],
      audience: [AUDIENCE],
      exp: Math.floor(reception.clock.wallMs() / 1_000) + 60,
      claims: expect.objectContaining({ active: true, sub: 'alice', ...claims }) as object,
    });
    const narrow = await envoy.check({ token: rich, extensions: { caller: 'edge-narrow' } });
    expect(narrow.metadata).not.toHaveProperty('scope');
    expect(JSON.stringify(narrow.metadata)).not.toContain('tags');
    expect((await envoy.check({ token: 'opaque' })).metadata).toBeUndefined();
  });

  it('MIN-01 of a profile with minimal answers say until when, and not whose', async () => {
    const { metadata } = await envoy.check({
      token: reception.context.good.build(),
      extensions: { caller: 'edge-minimal' },
    });
    expect(metadata).toEqual({
      audience: [],
      exp: Math.floor(reception.clock.wallMs() / 1_000) + 60,
      claims: { active: true, exp: expect.any(Number) as number, token_type: 'Bearer' },
    });
  });
});
