import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import { freePort } from '../fakes/free-port.js';
import { Reception } from '../endpoints/reception.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { recipe, recipes } from './support/recipe.js';
import { Upstream } from './support/upstream.js';

let reception: Reception;
let endpoint: HttpEndpoint;
let upstream: Upstream;
let caddy: ChildProcess;
let folder: string;
let url: string;
let token: string;

/** The recipe with the addresses of this test, and with its block about preflights in the place that it names. */
function site(port: number): string {
  const preflights = recipes('caddy.md', 'caddyfile')[1]!;
  const text = recipe('caddy.md', 'caddyfile').replace(/^\t\tforward_auth .*?^\t\t\}\n/ms, preflights);
  return `{\n\tadmin off\n\tauto_https off\n}\n${text}`
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
  folder = await mkdtemp(join(tmpdir(), 'assay-caddy-'));
  const port = await freePort();
  url = `http://127.0.0.1:${port}/orders`;
  const file = join(folder, 'Caddyfile');
  await writeFile(file, site(port));
  const env = { PATH: process.env['PATH'], HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  caddy = spawn('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  caddy.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await eventually(
    () => said.includes('serving initial configuration') || caddy.exitCode !== null,
    () => said,
  );
});

afterAll(async () => {
  const exited = once(caddy, 'exit');
  if (caddy.kill('SIGTERM')) await exited;
  await rm(folder, { recursive: true, force: true });
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
