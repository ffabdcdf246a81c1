import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authorize } from '../gateway/support/authorize.js';
import { ask } from '../transport/http/support/ask.js';
import { header } from '../transport/http/support/raw-http.js';
import { basic } from '../transport/http/support/requests.js';
import { AllEndpoints } from './all-endpoints.js';

let all: AllEndpoints;
let { reception, http, client, envoy } = {} as AllEndpoints;

beforeAll(async () => {
  all = await AllEndpoints.open();
  ({ reception, http, client, envoy } = all);
});

afterAll(() => all.close());

// Of the callers that these tests use, both have a burst of two, and one request a second.
beforeEach(() => reception.clock.advance(2_000));

const introspect = (authorization = basic('limited')) =>
  ask(http, { headers: { Authorization: authorization }, body: 'token=opaque' });

describe('X16 the rate limit of a caller', () => {
  it('holds at /introspect: 429, with the time to wait', async () => {
    expect([(await introspect()).status, (await introspect()).status]).toEqual([200, 200]);
    const before = reception.introspected;
    const refused = await introspect();
    expect([refused.status, header(refused, 'retry-after')]).toEqual([429, '1']);
    expect(JSON.parse(refused.body)).toHaveProperty('error', 'temporarily_unavailable');
    expect(reception.introspected).toBe(before);
    await reception.clock.advance(1_000);
    expect((await introspect()).status).toBe(200);
  });

  it('is one limit for HTTP and gRPC: RESOURCE_EXHAUSTED, with the time to wait', async () => {
    const authorization = basic('limited');
    expect((await introspect()).status).toBe(200);
    expect((await client.introspect('opaque', { authorization })).status).toBe('OK');
    const refused = await client.introspect('opaque', { authorization });
    expect(refused.status).toBe('RESOURCE_EXHAUSTED');
    expect(refused.trailers.get('grpc-retry-pushback-ms')).toEqual(['1000']);
    expect(refused.trailers.get('grpc-status-details-bin')).toHaveLength(1);
    expect((await introspect()).status).toBe(429);
  });

  it('is charged before the token is read, good or not', async () => {
    await introspect();
    await introspect();
    const good = { headers: { Authorization: basic('limited') }, body: `token=${reception.context.good.build()}` };
    expect((await ask(http, good)).status).toBe(429);
  });

  it('is not charged to whoever does not prove to be that caller', async () => {
    for (let i = 0; i < 5; i++) expect((await introspect(basic('limited', 'guess'))).status).toBe(401);
    expect((await introspect()).status).toBe(200);
  });

  it('is nobody else’s', async () => {
    for (let i = 0; i < 3; i++) await introspect();
    expect((await introspect(basic('orders'))).status).toBe(200);
  });

  it('holds for a profile at /authorize and at ext_authz, where it is a denial (K-05)', async () => {
    const query = 'caller=edge-limited';
    const extensions = { caller: 'edge-limited' };
    expect((await authorize(http, { query })).status).toBe(401);
    expect((await envoy.check({ extensions })).http).toBe(401);
    const refused = await authorize(http, { query });
    expect([refused.status, header(refused, 'retry-after'), header(refused, 'cache-control')]).toEqual([
      429,
      '1',
      'no-store',
    ]);
    const denied = await envoy.check({ extensions });
    expect([denied.rpc, denied.http, denied.headers['retry-after']]).toEqual(['OK', 429, '1']);
  });
});
