import { afterEach, describe, expect, it } from 'vitest';
import { OAuthError } from '../../../src/transport/oauth-error.js';
import { Introspector } from '../../../src/introspection/introspector.js';
import { KeysUnavailable } from '../../../src/keys/key-resolver.js';
import type { TokenVerifier } from '../../../src/verification/token-verifier.js';
import { ask, errorOf } from './support/ask.js';
import { HttpEndpoint, type EndpointOptions } from './support/http-endpoint.js';
import { header, talk } from './support/raw-http.js';
import { basic, request } from './support/requests.js';

describe('the response matrix, when we cannot answer', () => {
  let endpoint: HttpEndpoint;

  async function opened(options: EndpointOptions): Promise<HttpEndpoint> {
    endpoint = await HttpEndpoint.open(options);
    return endpoint;
  }

  afterEach(() => endpoint.close());

  it('X16 too many failures: 429 with Retry-After, and the caller that had proven itself there is served', async () => {
    await opened({});
    const right = { body: `token=${endpoint.context.good.build()}` };
    expect((await ask(endpoint, right)).status).toBe(200);
    const wrong = request({ headers: { Authorization: basic('orders', 'guess') }, body: 'token=x' });
    const answers = await talk(endpoint.port, Buffer.concat(Array.from({ length: 120 }, () => wrong)));
    const last = answers.at(-1)!;
    expect([answers[0]!.status, last.status]).toEqual([401, 429]);
    expect(Number(header(last, 'retry-after'))).toBeGreaterThan(0);
    expect(header(last, 'cache-control')).toBe('no-store');
    expect((await ask(endpoint, right)).body).toContain('"active":true');
  });

  it('X17 INV-06 keys that cannot be known: 503 with Retry-After, and the next answer does not remember it', async () => {
    let isDown = true;
    await opened({
      keys: (held) => ({
        known: (issuer, jwtHeader) => (isDown ? undefined : held.known(issuer, jwtHeader)),
        holds: () => false,
        find: () => Promise.reject(new KeysUnavailable('main', 7)),
      }),
    });
    const token = endpoint.context.good.build();
    const answer = await ask(endpoint, { body: `token=${token}` });
    expect([answer.status, answer.body]).toEqual([503, '{"error":"temporarily_unavailable"}']);
    expect(header(answer, 'retry-after')).toBe('7');
    isDown = false;
    expect((await ask(endpoint, { body: `token=${token}` })).body).toContain('"active":true');
  });

  it('X18 a source that the policy needs and that cannot be reached: 503, no active member', async () => {
    const unavailable = new OAuthError('temporarily_unavailable', 'revocations are not known', {
      retryAfterSeconds: 3,
    });
    await opened({ introspector: failingWith(unavailable) });
    const answer = await ask(endpoint, { body: 'token=x' });
    expect([answer.status, errorOf(answer), header(answer, 'retry-after')]).toEqual([
      503,
      'temporarily_unavailable',
      '3',
    ]);
    expect(answer.body).not.toContain('active"');
  });

  it('X19 going away: 503, Retry-After and close, on every resource', async () => {
    await opened({});
    endpoint.drain.begin();
    for (const target of ['/introspect', '/.well-known/oauth-authorization-server', '/nowhere']) {
      const answer = await ask(endpoint, { target, body: 'token=x' });
      expect([answer.status, errorOf(answer)]).toEqual([503, 'temporarily_unavailable']);
      expect(header(answer, 'connection')).toBe('close');
      expect(header(answer, 'retry-after')).toBe('1');
    }
  });

  it('X20 INV-01 a bug: a constant 500, and neither token nor secret in it or in the log', async () => {
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw';
    await opened({ introspector: failingWith(new TypeError(`cannot read ${token} of Basic b3JkZXJz`)) });
    const answer = await ask(endpoint, { body: `token=${token}` });
    expect([answer.status, answer.body]).toEqual([500, '{"error":"server_error"}']);
    expect(endpoint.log).toContain('unexpected error');
    expect(endpoint.log).not.toMatch(/eyJ|b3JkZXJz/);
  });
});

function failingWith(error: Error): Introspector {
  const introspector = new Introspector({} as TokenVerifier);
  introspector.introspect = () => Promise.reject(error);
  return introspector;
}
