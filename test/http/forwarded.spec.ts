import { afterEach, describe, expect, it } from 'vitest';
import { IDENTIFIER } from '../doors/reception.js';
import { Endpoint } from './support/door.js';
import { talk } from './support/raw-http.js';
import { basic, request } from './support/requests.js';

describe('H-15 forwarded headers', () => {
  let door: Endpoint;

  afterEach(() => door.close());

  const wrong = { Authorization: basic('orders', 'guess') };

  async function sourcesOf(...forwarded: readonly (string | undefined)[]): Promise<unknown[]> {
    const before = door.logLines.length;
    for (const value of forwarded) {
      await talk(door.port, request({ headers: { ...wrong, 'X-Forwarded-For': value }, body: 'token=a' }));
    }
    return door.logLines.slice(before).map((line) => (JSON.parse(line) as { source: unknown }).source);
  }

  it('H-15 nobody is trusted by default: a source cannot be made up', async () => {
    door = await Endpoint.open();
    expect(await sourcesOf('203.0.113.7', '127.0.0.2, 203.0.113.8')).toEqual(['127.0.0.1', '127.0.0.1']);
    const guesses = Array.from({ length: 120 }, (_, i) =>
      request({
        headers: { ...wrong, 'X-Forwarded-For': `203.0.113.${i}`, Forwarded: `for=203.0.113.${i}` },
        body: 'token=a',
      }),
    );
    expect((await talk(door.port, Buffer.concat(guesses))).at(-1)!.status).toBe(429);
  });

  it('H-15 a trusted proxy says where a request comes from, as far as addresses go', async () => {
    door = await Endpoint.open({ trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'] });
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
    door = await Endpoint.open({ trustedProxies: ['127.0.0.1'] });
    const headers = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'http' };
    const target = '/.well-known/oauth-authorization-server';
    const [answer] = await talk(door.port, request({ method: 'GET', target, headers }));
    expect(JSON.parse(answer!.body)).toMatchObject({
      issuer: IDENTIFIER,
      introspection_endpoint: `${IDENTIFIER}/introspect`,
    });
    expect(answer!.body).not.toContain('evil');
  });
});
