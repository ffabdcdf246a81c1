/** nginx asks again after an internal redirect. Whether that is a second use of the proof is for the profile to say. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKey, thumbprintOf } from '../builders/a-key.js';
import { Reception } from '../endpoints/reception.js';
import { Nginx } from '../gateway/support/nginx.js';
import { recipe } from '../gateway/support/recipe.js';
import { Upstream } from '../gateway/support/upstream.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { aProof, dpopCaller, ORIGIN } from './support/a-proof.js';

const key = aKey('ES256');
let reception: Reception;
let endpoint: HttpEndpoint;
let upstream: Upstream;
let token: string;
const proxies = new Map<string, Nginx>();

/** The recipe, and a location that sends the request on to another one after it was asked about. */
function site(caller: string): string {
  const redirect = 'location = /again { auth_request /_authorize; try_files /nothing-there /orders; }';
  return recipe('nginx.md', 'nginx')
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${endpoint.port}`)
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${upstream.port}`)
    .replace('listen 127.0.0.1:8000;', `listen unix:site.sock; ${redirect}`)
    .replace('caller=orders-edge', `caller=${caller}`);
}

beforeAll(async () => {
  const callers = [dpopCaller('edge-once'), dpopCaller('edge-twice', { proxySetsRequestId: true })];
  reception = await Reception.open({ callers });
  endpoint = await HttpEndpoint.before(reception, { trustedProxies: ['127.0.0.1/32'] });
  upstream = await Upstream.start();
  token = reception.context.good.with({ scope: 'orders:read', cnf: { jkt: thumbprintOf(key.jwk) } }).build();
  for (const { id } of callers) proxies.set(id, await Nginx.start(site(id)));
});

afterAll(async () => {
  for (const nginx of proxies.values()) await nginx.stop();
  await upstream.close();
  await endpoint.close();
});

/** A request with a proof of its own. */
function aRequest(path: string) {
  const proof = aProof(key, token, reception.clock.wallMs() / 1000, { htu: `${ORIGIN}${path}` }).build();
  return { path, headers: { Authorization: `DPoP ${token}`, DPoP: proof } };
}

async function passed(caller: string, request: ReturnType<typeof aRequest>): Promise<boolean> {
  const before = upstream.requests;
  const { status } = await proxies.get(caller)!.ask(request);
  expect([status, upstream.requests - before]).toEqual(status === 200 ? [200, 1] : [401, 0]);
  return status === 200;
}

describe('DP-05 nginx with the recipe, which asks twice about a request that it redirects within itself', () => {
  it('passes where the profile says that nginx names the request itself, and otherwise not', async () => {
    expect(await passed('edge-twice', aRequest('/again'))).toBe(true);
    expect(await passed('edge-once', aRequest('/again'))).toBe(false);
    expect(await passed('edge-once', aRequest('/orders'))).toBe(true);
  });

  it('a client that repeats a request, and the name that it gave to it, does not: nginx has another name for it', async () => {
    const { path, headers } = aRequest('/orders');
    const repeated = { path, headers: { ...headers, 'X-Request-Id': randomUUID() } };
    expect([await passed('edge-twice', repeated), await passed('edge-twice', repeated)]).toEqual([true, false]);
  });
});
