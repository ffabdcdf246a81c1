import { afterEach, describe, expect, it } from 'vitest';
import { IDENTIFIER } from '../../endpoints/reception.js';
import { HttpEndpoint } from './support/http-endpoint.js';
import { talk } from './support/raw-http.js';
import { basic, request } from './support/requests.js';

describe('H-15 forwarded headers', () => {
  let endpoint: HttpEndpoint;

  afterEach(() => endpoint.close());

  const wrong = { Authorization: basic('orders', 'guess') };

  async function sourcesOf(...forwarded: readonly (string | undefined)[]): Promise<unknown[]> {
    const before = endpoint.logLines.length;
    for (const value of forwarded) {
      await talk(endpoint.port, request({ headers: { ...wrong, 'X-Forwarded-For': value }, body: 'token=a' }));
    }
    return endpoint.logLines.slice(before).map((line) => (JSON.parse(line) as { source: unknown }).source);
  }

  it('H-15 nobody is trusted by default: a source cannot be made up', async () => {
    endpoint = await HttpEndpoint.open();
    expect(await sourcesOf('203.0.113.7', '127.0.0.2, 203.0.113.8')).toEqual(['127.0.0.1', '127.0.0.1']);
    const guesses = Array.from({ length: 120 }, (_, i) =>
      request({
        headers: { ...wrong, 'X-Forwarded-For': `203.0.113.${i}`, Forwarded: `for=203.0.113.${i}` },
        body: 'token=a',
      }),
    );
    expect((await talk(endpoint.port, Buffer.concat(guesses))).at(-1)!.status).toBe(429);
  });

  it('H-15 a trusted proxy says where a request comes from, as far as addresses go', async () => {
    endpoint = await HttpEndpoint.open({ trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'] });
    const sources = await sourcesOf(
      '203.0.113.7',
      '198.51.100.1, 203.0.113.7, 10.1.2.3',
      '2001:db8::1',
      '::ffff:203.0.113.9',
      'made up "}',
      undefined,
    );
    expect(sources).toEqual(['203.0.113.7', '203.0.113.7', '2001:db8::1', '203.0.113.9', '127.0.0.1', '127.0.0.1']);
  });

  it('H-15 Host and X-Forwarded-* do not change who we are, trusted or not', async () => {
    endpoint = await HttpEndpoint.open({ trustedProxies: ['127.0.0.1'] });
    const headers = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'http' };
    const target = '/.well-known/oauth-authorization-server';
    const [answer] = await talk(endpoint.port, request({ method: 'GET', target, headers }));
    expect(JSON.parse(answer!.body)).toMatchObject({
      issuer: IDENTIFIER,
      introspection_endpoint: `${IDENTIFIER}/introspect`,
    });
    expect(answer!.body).not.toContain('evil');
  });
});
