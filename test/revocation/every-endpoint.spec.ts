import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RevocationAdministration } from '../../src/admin/revocation-administration.js';
import { AllEndpoints } from '../endpoints/all-endpoints.js';
import { authorize } from '../gateway/support/authorize.js';
import { ask } from '../transport/http/support/ask.js';
import { basic } from '../transport/http/support/requests.js';
import { aCaller, jwtIssuer, OpaqueWorld } from '../upstream/support/opaque-world.js';

let world: OpaqueWorld;
let all: AllEndpoints;

beforeAll(async () => {
  world = await OpaqueWorld.open([jwtIssuer('corp')], [aCaller('orders')]);
  all = await AllEndpoints.open({ introspector: world.introspector });
});

afterAll(async () => {
  await all.close();
  await world.close();
});

/** Ends all that the issuer has issued up to now. */
function revoke(): Promise<unknown> {
  const order = { kind: 'issuer', beforeSeconds: world.nowSeconds, nowMs: world.clock.wallMs(), reason: 'a test' };
  const administration = world.context.module.get(RevocationAdministration, { strict: false });
  return administration.revoke({ id: 'admin' } as never, 'corp', order as never);
}

/** Whether a token is taken, at each endpoint that judges tokens. */
const endpoints: Readonly<Record<string, (token: string) => Promise<boolean>>> = {
  'POST /introspect': async (token) => {
    const { status, body } = await ask(all.http, { body: `token=${token}` });
    expect(status).toBe(200);
    const answer = JSON.parse(body) as { readonly active: boolean };
    if (!answer.active) expect(body).toBe('{"active":false}');
    return answer.active;
  },
  'assay.v1.Introspection': async (token) => {
    const { answer } = await all.client.introspect(token, { authorization: basic('orders') });
    return (answer as { readonly active: boolean }).active;
  },
  '/authorize': async (token) => {
    const { status } = await authorize(all.http, { token });
    expect([200, 401]).toContain(status);
    return status === 200;
  },
  'Envoy ext_authz': async (token) =>
    JSON.stringify(await all.envoy.check({ token, extensions: { caller: 'edge' } })).includes('x-auth-issuer'),
};

describe('REV-12 a revoked token is refused at every endpoint', () => {
  let token: string;

  beforeEach(async () => {
    await world.clock.advance(5_000);
    token = world.jwt('corp');
  });

  it.each(Object.keys(endpoints))('%s, also one that it has just taken', async (name) => {
    const isTaken = endpoints[name]!;
    expect(await isTaken(token)).toBe(true);
    await revoke();
    expect(await isTaken(token)).toBe(false);
    // What is issued a second later is good: it is the revocation that has ended the former one.
    await world.clock.advance(1_000);
    expect(await isTaken(world.jwt('corp'))).toBe(true);
  });
});
