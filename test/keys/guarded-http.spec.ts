import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GuardedHttp } from '../../src/keys/source/guarded-http.js';
import type { IssuerNetwork } from '../../src/issuers/issuer-network.js';
import type { Resolve } from '../../src/keys/source/guarded-connector.js';
import { SystemClock } from '../../src/shared/clock.js';
import { fetchKeySet } from '../../src/keys/source/http-key-source.js';
import { KeyFetchFailure } from '../../src/keys/source/key-fetch-failure.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { freePort } from '../fakes/free-port.js';
import { hang, resetMidBody, respond } from '../fakes/misbehaviours.js';

describe('requests to key sources', () => {
  let issuer: FakeIssuer;

  beforeEach(async () => {
    issuer = await FakeIssuer.start();
  });

  afterEach(async () => {
    await issuer.stop();
  });

  it.each([
    [true, 'Bearer service-account-token'],
    [false, undefined],
  ])('RK8S-01 carry the bearer token only to hosts that may see it (%s)', async (mayAuthorize, authorization) => {
    const network = { allowPrivate: true, bearerToken: 'service-account-token' };
    await new GuardedHttp().get({ url: issuer.jwksUri, network, mayAuthorize }, AbortSignal.timeout(5_000));

    expect(issuer.requests).toHaveLength(1);
    expect(issuer.lastHeaders.authorization).toBe(authorization);
  });

  it('that send something send it to the URL of the question alone, and may be answered with nothing', async () => {
    const post = { type: 'application/json', body: '{"maxEvents":1}' };
    const authorization = 'Bearer of-a-stream';
    const network = { allowPrivate: true, bearerToken: 'service-account-token', followsRedirects: true };
    const ask = { url: issuer.jwksUri, network, mayAuthorize: false, authorization, post };
    issuer.behaveForKeys((request, response) => {
      expect(request.method).toBe('POST');
      response.writeHead(204).end();
    });
    expect((await new GuardedHttp().get(ask, AbortSignal.timeout(5_000))).status).toBe(204);
    expect(issuer.lastHeaders).toMatchObject({ authorization, 'content-type': post.type });
    issuer.behaveForKeys((_request, response) => response.writeHead(307, { location: issuer.jwksUri }).end());
    await expect(new GuardedHttp().get(ask, AbortSignal.timeout(5_000))).rejects.toMatchObject({
      category: 'redirect',
    });
  });

  /** Where a request failed. */
  async function placeOf(url: string, more: Partial<GuardedHttpTerms> = {}): Promise<unknown> {
    const { network = { allowPrivate: true }, resolve, signal = AbortSignal.timeout(5_000) } = more;
    const failure = await new GuardedHttp(resolve)
      .get({ url, network, mayAuthorize: false }, signal)
      .catch((error: unknown) => error);
    return (failure as KeyFetchFailure).place;
  }

  interface GuardedHttpTerms {
    readonly network: IssuerNetwork;
    readonly resolve: Resolve;
    readonly signal: AbortSignal;
  }

  it('that fail say at which host, and what they were at', async () => {
    const port = await freePort();
    const here = `127.0.0.1:${port}`;
    const at = (stage: string, host = new URL(issuer.jwksUri).host) => ({ host, stage });
    const nowhere: Resolve = () => Promise.reject(new Error('ENOTFOUND'));
    expect(await placeOf('http://name.example/jwks', { resolve: nowhere })).toEqual(at('resolve', 'name.example'));
    expect(await placeOf(`http://${here}/jwks`)).toEqual(at('connect', here));
    // A server that speaks no TLS.
    expect(await placeOf(issuer.jwksUri.replace('http:', 'https:'))).toEqual(at('tls'));
    issuer.behaveForKeys(respond(503, ''));
    expect(await placeOf(issuer.jwksUri)).toEqual(at('status'));
    issuer.behaveForKeys(resetMidBody);
    expect(await placeOf(issuer.jwksUri)).toEqual(at('body'));
  });

  it('that run out of time say what they were at', async () => {
    const controller = new AbortController();
    issuer.behaveForKeys((request, response) => {
      hang(request, response);
      controller.abort(new KeyFetchFailure('timeout'));
    });
    expect(await placeOf(issuer.jwksUri, { signal: controller.signal })).toMatchObject({ stage: 'status' });
  });

  it('for a document that is none say so', async () => {
    issuer.behaveForKeys(respond(200, '{"keys":', { 'content-type': 'application/json' }));
    const address = {
      url: issuer.jwksUri,
      network: { allowPrivate: true },
      algorithms: new Set(['ES256'] as const),
      mayAuthorize: false,
    };
    const parts = { http: new GuardedHttp(), clock: new SystemClock() };
    const failure = await fetchKeySet(parts, address, undefined, AbortSignal.timeout(5_000)).catch(
      (error: unknown) => error,
    );
    expect((failure as KeyFetchFailure).place).toEqual({ host: new URL(issuer.jwksUri).host, stage: 'json' });
  });
});
