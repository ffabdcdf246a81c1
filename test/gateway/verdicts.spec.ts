import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Reception } from '../endpoints/reception.js';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';
import { ask } from '../transport/http/support/ask.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { basic } from '../transport/http/support/requests.js';
import { tables } from '../vectors/all-cases.js';
import { authorize } from './support/authorize.js';
import { EnvoyClient } from './support/envoy.js';

/** A caller, and the profile for proxies with the same rights. */
const callers = [
  ['orders', 'edge'],
  ['narrow', 'edge-narrow'],
  ['elsewhere', 'edge-elsewhere'],
] as const;

/** What fits into a header of HTTP/1.1, and into what the listener takes of headers. */
const fitsHeader = (token: string): boolean => /^[\x21-\x7e\x80-\xff]*$/.test(token) && token.length < 15_000;

let reception: Reception;
let http: HttpEndpoint;
let grpc: GrpcEndpoint;
let envoy: EnvoyClient;

beforeAll(async () => {
  reception = await Reception.open();
  const trustedProxies = ['127.0.0.1'];
  http = await HttpEndpoint.before(reception, { trustedProxies });
  grpc = await GrpcEndpoint.before(reception, { trustedProxies });
  envoy = new EnvoyClient(grpc.port);
});

afterAll(async () => {
  envoy.close();
  await grpc.close();
  await http.close();
});

/** What `/introspect` says: whether the token is good for the caller, and whether somebody would have to prove more. */
async function introspected(token: string, caller: string): Promise<{ isActive: boolean; isBound: boolean }> {
  const answer = await ask(http, {
    headers: { Authorization: basic(caller) },
    body: new URLSearchParams({ token }).toString(),
  });
  const { active, cnf } = JSON.parse(answer.body) as { active: boolean; cnf?: unknown };
  return { isActive: active, isBound: cnf !== undefined };
}

describe.each(Object.entries(tables))(
  'R-GUARD-01 /introspect, /authorize and ext_authz against %s',
  (_table, cases) => {
    const rows = cases.map((vector) => [`${vector.id} ${vector.name}`, vector] as const);

    it.each(rows)('%s', async (_name, vector) => {
      const token = vector.token(reception.context);
      // RFC 6750 §2.1: however many spaces come before the token, they are not part of it.
      if (token === '' || token.startsWith(' ') || token.length > 50_000) return;
      for (const [caller, profile] of vector.expect === 'active' ? callers : callers.slice(0, 1)) {
        const { isActive, isBound } = await introspected(token, caller);
        const passes = isActive && !isBound;
        if (caller === 'orders') expect(isActive).toBe(vector.expect === 'active');
        const verdict = await envoy.check({ token, extensions: { caller: profile } });
        expect([verdict.rpc, verdict.code, verdict.http]).toEqual(
          passes ? ['OK', 'OK', undefined] : ['OK', 'UNAUTHENTICATED', 401],
        );
        if (!fitsHeader(token)) continue;
        const answer = await authorize(http, { token, query: `caller=${profile}` });
        expect(answer.status).toBe(passes ? 200 : 401);
      }
    });
  },
);
