import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { authorizationTerms } from '../../src/gateway/authorization-terms.js';
import { formPairs } from '../../src/transport/http/form.js';
import { aConfiguration, type Raw, type RawSection } from '../config/support/a-configuration.js';
import { Directory } from '../config/support/directory.js';
import { load } from '../config/support/load.js';
import { SECRET } from '../endpoints/reception.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { talk } from '../transport/http/support/raw-http.js';
import { identityLookalikes } from '../../src/gateway/identity-headers.js';
import { identityNames } from './support/authorize.js';
import { recipe, recipes } from './support/recipe.js';

const run = promisify(execFile);

describe('docs/recipes', () => {
  it.each(['nginx.md', 'traefik.md', 'caddy.md', 'envoy.md'])(
    '%s: Assay takes its part of the configuration',
    async (file) => {
      const part = parse(recipes(file, 'yaml').at(-1)!) as Raw;
      const { issuers, callers } = aConfiguration();
      const directory = await Directory.create();
      await directory.configure({ issuers, server: part['server'], callers: [...callers, ...part.callers] });
      const { configuration, warnings } = await load(directory.file);
      await directory.remove();
      expect(warnings).toEqual([]);
      expect(configuration.callers[1]).toMatchObject({ id: 'orders-edge', proxy: true });
    },
  );

  it.each([
    ['nginx.md', 'nginx'],
    ['traefik.md', 'yaml'],
    ['caddy.md', 'caddyfile'],
  ])('%s: the question is one that we take, and every identity header is named', (file, language) => {
    const text = recipe(file, language);
    const [, query = ''] = /\/authorize\?(\S+?);?$/m.exec(text) ?? [];
    expect(authorizationTerms(formPairs(query))).toEqual({ callerId: 'orders-edge', scopes: ['orders:read'] });
    for (const name of identityNames) expect(text.toLowerCase()).toContain(name);
  });

  it('envoy.md: the question is one that we take', () => {
    const [, extensions = ''] = /context_extensions: (\{.*\})/.exec(recipe('envoy.md', 'yaml')) ?? [];
    const pairs = Object.entries(parse(extensions) as Record<string, string>);
    expect(authorizationTerms(pairs)).toEqual({ callerId: 'orders-edge', scopes: ['orders:read'] });
  });

  /** Names that a recipe removes from the client's request, in lower case; `*` stands for any end. */
  const removed: Readonly<Record<string, () => readonly string[]>> = {
    'nginx.md': () => names(/proxy_set_header (\S+) "";/g, recipe('nginx.md', 'nginx')),
    'caddy.md': () => names(/request_header -(\S+)/g, recipe('caddy.md', 'caddyfile')),
    'traefik.md': () => {
      const { http } = parse(recipe('traefik.md', 'yaml')) as { http: RawSection };
      const { 'without-token': middleware } = http['middlewares'] as Record<
        string,
        { headers: { customRequestHeaders: Record<string, string> } }
      >;
      const set = Object.entries(middleware!.headers.customRequestHeaders);
      return set.filter(([, value]) => value === '').map(([name]) => name.toLowerCase());
    },
  };
  const names = (pattern: RegExp, text: string): string[] =>
    [...text.matchAll(pattern)].map(([, name = '']) => name.toLowerCase());

  it.each(Object.keys(removed))(
    'CVE-2025-64484 %s: no spelling that an upstream folds to ours comes through',
    (file) => {
      const patterns = removed[file]!();
      const isRemoved = (name: string): boolean =>
        patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
      expect(identityLookalikes).toHaveLength(28);
      expect(identityLookalikes.filter((name) => !isRemoved(name))).toEqual([]);
    },
  );

  it('CVE-2025-64484 envoy.md: no header with an underscore comes through', () => {
    expect(recipe('envoy.md', 'yaml')).toMatch(/^ +headers_with_underscores_action: REJECT_REQUEST$/m);
  });

  it('traefik.md: all identity headers are taken from the answer', () => {
    const { http } = parse(recipe('traefik.md', 'yaml')) as { http: RawSection };
    const { assay } = http['middlewares'] as { assay: { forwardAuth: { authResponseHeaders: string[] } } };
    const taken = assay.forwardAuth.authResponseHeaders.map((name) => name.toLowerCase());
    expect(taken).toEqual(identityNames);
  });
});

describe('docs/recipes/curl.md', () => {
  let endpoint: HttpEndpoint;
  let good: string;

  beforeAll(async () => {
    endpoint = await HttpEndpoint.open();
    good = endpoint.context.good.build();
  });

  afterAll(() => endpoint.close());

  /** @returns what the script writes, and how it ends */
  async function script(
    block: number,
    token: string,
    url = `http://127.0.0.1:${endpoint.port}`,
  ): Promise<[string, number]> {
    const text = recipes('curl.md', 'sh')[block]!;
    const env = {
      PATH: process.env['PATH'],
      ASSAY_URL: url,
      ASSAY_CLIENT: 'orders',
      ASSAY_SECRET: SECRET,
      TOKEN: token,
    };
    try {
      return [(await run('sh', ['-c', text], { env })).stdout, 0];
    } catch (error) {
      const { stdout, code } = error as { stdout: string; code: number };
      return [stdout, code];
    }
  }

  it('the first script prints the answer', async () => {
    const [output, code] = await script(0, good);
    expect([JSON.parse(output), code]).toEqual([expect.objectContaining({ active: true, sub: 'alice' }), 0]);
    expect(await script(0, 'a&token=b c%')).toEqual(['{"active":false}', 0]);
  });

  it('the second script decides, closed in every doubt', async () => {
    expect(await script(1, good)).toEqual(['good\n', 0]);
    expect(await script(1, 'opaque')).toEqual(['bad\n', 1]);
    expect(await script(1, good, 'http://127.0.0.1:1')).toEqual(['unknown\n', 75]);
  });

  it('the bytes for a socket are understood as they stand, and with a good token', async () => {
    const [head = '', body = ''] = recipe('curl.md', 'http').trimEnd().split('\n\n');
    const credentials = Buffer.from(`orders:${SECRET}`).toString('base64');
    const sendable = head.replace(/Basic \S+/, `Basic ${credentials}`).replaceAll('\n', '\r\n');
    const [bad] = await talk(endpoint.port, `${sendable}\r\n\r\n${body}`, { end: false });
    expect([bad?.status, bad?.body]).toEqual([200, '{"active":false}']);
    const long = sendable.replace(/Length: \d+/, `Length: ${good.length + 6}`);
    const [answer] = await talk(endpoint.port, `${long}\r\n\r\ntoken=${good}`, { end: false });
    expect(answer?.body).toMatch(/^\{"active":true/);
  });
});
