import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../fakes/free-port.js';
import { Reception } from '../endpoints/reception.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { Caddy } from './support/caddy.js';
import { recipe, recipes } from './support/recipe.js';
import { Upstream } from './support/upstream.js';

let reception: Reception;
let endpoint: HttpEndpoint;
let upstream: Upstream;
let caddy: Caddy;
let url: string;
let token: string;

/** The recipe with the addresses of this test, and with its block about preflights in the place that it names. */
function site(port: number): string {
  const preflights = recipes('caddy.md', 'caddyfile')[1]!;
  const text = recipe('caddy.md', 'caddyfile').replace(/^\t\tforward_auth .*?^\t\t\}\n/ms, preflights);
  return text
    .replace('api.corp.example', `http://127.0.0.1:${port}`)
    .replaceAll('caller=orders-edge&scope=orders:read', 'caller=edge-cors')
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${endpoint.port}`)
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${upstream.port}`);
}

beforeAll(async () => {
  reception = await Reception.open();
  endpoint = await HttpEndpoint.before(reception, { trustedProxies: ['127.0.0.1/32'] });
  upstream = await Upstream.start();
  token = reception.context.good.with({ sub: 'alice' }).build();
  const port = await freePort();
  url = `http://127.0.0.1:${port}/orders`;
  caddy = await Caddy.start(site(port));
});

afterAll(async () => {
  await caddy.stop();
  await upstream.close();
  await endpoint.close();
});

const preflight = { origin: 'https://shop.example', 'access-control-request-method': 'PUT', 'x-auth-subject': 'root' };

describe('Caddy, as the recipe for browsers says', () => {
  it('lets a good token pass with its body; the upstream knows whose it is', async () => {
    const headers = { authorization: `Bearer ${token}`, 'x-auth-subject': 'root', x_auth_subject: 'root' };
    const answer = await fetch(url, { method: 'POST', headers, body: 'a=b' });
    expect([answer.status, await answer.text()]).toEqual([200, 'the upstream']);
    expect(upstream.valuesOf('x-auth-subject')).toEqual(['alice']);
    expect(upstream.valuesOf('authorization')).toEqual([]);
  });

  it('lets a preflight pass as nobody, and nothing else without a token', async () => {
    expect((await fetch(url, { method: 'OPTIONS', headers: preflight })).status).toBe(200);
    expect(upstream.valuesOf('x-auth-subject').join('')).toBe('');
    expect((await fetch(url, { headers: preflight })).status).toBe(401);
    const claimed = { ...preflight, 'x-http-method-override': 'DELETE' };
    const denied = await fetch(url, { method: 'OPTIONS', headers: claimed });
    expect([denied.status, denied.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="assay"']);
  });
});
