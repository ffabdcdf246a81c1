import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { EnvoyClient } from '../gateway/support/envoy.js';
import { GrpcClient } from '../transport/grpc/support/client.js';
import { basic } from '../transport/http/support/requests.js';
import { AssayProcess } from './support/assay-process.js';
import { configurationOf, introspect, issuerSection, ordersApi, type Section } from './support/configuration.js';

const operator = 'operator-token-Rk3Vn8Qz2Lw6Yt9Xp4';

/** What each endpoint says of a token: `good`, or how it says no. */
interface Verdicts {
  readonly introspect: unknown;
  readonly authorize: unknown;
  readonly grpc: unknown;
  readonly extAuthz: unknown;
  readonly explain: unknown;
}

const all = (verdict: Verdicts): Verdicts => verdict;
const good = all({ introspect: true, authorize: 200, grpc: true, extAuthz: 'OK', explain: 'active' });
const refused = all({
  introspect: false,
  authorize: 401,
  grpc: false,
  extAuthz: 'UNAUTHENTICATED',
  explain: 'oversized',
});

let issuer: FakeIssuer;

beforeAll(async () => {
  issuer = await FakeIssuer.start();
});

afterAll(() => issuer.stop());

describe.each<[string, Section, number]>([
  ['the default', {}, 16 * 1024],
  ['server.limits.token: 64KiB', { limits: { token: '64KiB' } }, 64 * 1024],
  ['server.limits.token: 2KiB', { limits: { token: '2KiB' } }, 2 * 1024],
])('%s: every endpoint takes a token of the same length', (_name, server, limit) => {
  let assay: AssayProcess;

  beforeAll(async () => {
    assay = await AssayProcess.start((ports) => {
      const { callers, ...rest } = configurationOf(ports, [issuerSection('corp', issuer)], {
        trustedProxies: ['127.0.0.1'],
        ...server,
      });
      return {
        ...rest,
        callers: [...callers, { id: 'edge', proxy: true, issuers: 'any', audiences: 'any', claims: ['sub'] }],
        admin: { tokens: [{ id: 'ops', secret: operator, role: 'operator' }] },
      };
    });
  });

  afterAll(() => assay.stop());

  async function verdicts(token: string): Promise<Verdicts> {
    const authorized = await fetch(`${assay.publicUrl}/authorize?caller=edge`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const client = new GrpcClient(assay.ports.grpc);
    const answer = await client.introspect(token, { authorization: basic(ordersApi.id, ordersApi.secret) });
    client.close();
    const envoy = new EnvoyClient(assay.ports.grpc);
    const verdict = await envoy.check({ token });
    envoy.close();
    return {
      introspect: (await introspect(assay, token)).body['active'],
      authorize: authorized.status,
      grpc: answer.answer?.active ?? answer.status,
      extAuthz: verdict.code ?? verdict.rpc,
      explain: await explained(token),
    };
  }

  async function explained(token: string): Promise<unknown> {
    const answer = await fetch(`${assay.managementUrl}/admin/v1/explain`, {
      method: 'POST',
      headers: { authorization: `Bearer ${operator}`, 'content-type': 'application/json' },
      body: JSON.stringify({ token, caller: 'orders-api' }),
    });
    const { verdict, rejection } = (await answer.json()) as { verdict: string; rejection?: { code: string } };
    return rejection?.code ?? verdict;
  }

  it('the longest one is good, the next one is refused as oversized', async () => {
    const { longest, next } = await around(limit);
    expect(longest.length).toBeGreaterThan(limit - 4);
    expect(await verdicts(longest)).toEqual(good);
    expect(await verdicts(next)).toEqual(refused);
  });

  it('a form with a client assertion of the same length, too, has room', async () => {
    const { longest } = await around(limit);
    const form = new URLSearchParams({
      token: longest,
      client_assertion: 'a'.repeat(limit),
      client_assertion_type: 'x',
    });
    const answer = await fetch(`${assay.publicUrl}/introspect`, { method: 'POST', body: form });
    // It is wrong, and it has been read.
    expect(answer.status).not.toBe(413);
  });
});

it('server.limits.token: 64KiB: objects for many groups have room', async () => {
  const assay = await AssayProcess.start((ports) =>
    configurationOf(ports, [issuerSection('corp', issuer)], { limits: { token: '64KiB' } }),
  );
  const groups = Array.from({ length: 700 }, (_, i) => ({ id: i, name: `group-${i}`, role: 'member' }));
  const token = await issuer.sign({ groups });
  expect(token.length).toBeGreaterThan(40_000);
  expect((await introspect(assay, token)).body['active']).toBe(true);
  await assay.stop();
});

/** The longest token of at most `limit` characters, and the next longer one: base64url knows no lengths of 4n + 1. */
async function around(limit: number): Promise<{ longest: string; next: string }> {
  const empty = await issuer.sign({ pad: '' });
  let pad = Math.floor(((limit - empty.length) * 3) / 4) - 8;
  let longest = empty;
  for (;;) {
    const next = await issuer.sign({ pad: 'x'.repeat(pad++) });
    if (next.length > limit) return { longest, next };
    longest = next;
  }
}
