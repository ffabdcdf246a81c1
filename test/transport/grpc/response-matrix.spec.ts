import { status } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OAuthError } from '../../../src/transport/oauth-error.js';
import { Introspector } from '../../../src/introspection/introspector.js';
import { KeysUnavailable } from '../../../src/keys/key-resolver.js';
import type { TokenVerifier } from '../../../src/verification/token-verifier.js';
import { basic } from '../http/support/requests.js';
import { AUDIENCE } from '../../vectors/world.js';
import { GrpcClient } from './support/client.js';
import { GrpcEndpoint, type GrpcEndpointOptions } from './support/grpc-endpoint.js';
import { retryInfo } from './support/retry-info.js';
import { callOn, framed, rawCall, rawSession, requestBytes, type RawOutcome } from './support/raw-call.js';

describe('the gRPC column of the response matrix', () => {
  let endpoint: GrpcEndpoint;
  let client: GrpcClient;
  let token: string;

  beforeAll(async () => {
    endpoint = await GrpcEndpoint.open();
    client = new GrpcClient(endpoint.port);
    token = endpoint.reception.context.good.build();
  });

  afterAll(async () => {
    client.close();
    await endpoint.close();
  });

  it('X01 a good token that the caller may see: its claims', async () => {
    const { now, good } = endpoint.reception.context;
    const thumbprint = 'A'.repeat(43);
    const claims = { tenant: 'acme', cnf: { 'x5t#S256': thumbprint }, scope: 'a b' };
    const outcome = await client.introspect(good.for([AUDIENCE, 'b']).with(claims).build());
    expect(outcome.answer).toEqual({
      active: true,
      iss: 'https://login.corp.example',
      sub: 'alice',
      aud: [AUDIENCE, 'b'],
      clientId: 'shop',
      scope: 'a b',
      tokenType: 'Bearer',
      exp: String(now + 300),
      iat: String(now),
      nbf: String(now),
      jti: 'token-1',
      username: '',
      claimsJson: `{"cnf":{"x5t#S256":"${thumbprint}"},"tenant":"acme"}`,
    });
  });

  it('RGRPC-03 no 64-bit integer is rounded, and none is a text that was not', async () => {
    const { good } = endpoint.reception.context;
    const payload = `${good.payloadText.slice(0, -1)},"id":12345678901234567890,"deep":[9007199254740993]}`;
    const { answer } = await client.introspect(good.rawPayload(payload).build());
    expect(answer?.claimsJson).toBe('{"id":12345678901234567890,"deep":[9007199254740993]}');
  });

  it('R7662-26 a caller sees what it may see, and claims_json is an object where nothing is left', async () => {
    const rich = endpoint.reception.context.good.with({ tenant: 'acme', scope: 'a' }).build();
    const { answer } = await client.introspect(rich, { authorization: basic('narrow') });
    expect(answer).toMatchObject({ active: true, sub: 'alice', scope: '', jti: '', nbf: '0', claimsJson: '{}' });
  });

  it.each(['access_token', 'urn:x'])('R7662-05 the hint %s changes nothing', async (hint) => {
    const plain = await rawCall(endpoint.port, { body: framed(requestBytes(token)) });
    const hinted = await rawCall(endpoint.port, { body: framed(requestBytes(token, hint)) });
    expect(withoutDate(hinted)).toEqual(withoutDate(plain));
  });

  it('X02 X03 INV-02 whatever the reason, the same bytes: none', async () => {
    const session = rawSession(endpoint.port);
    const bad = { body: framed(requestBytes('not-a-token')) };
    const withheld = { headers: { authorization: basic('elsewhere') }, body: framed(requestBytes(token)) };
    const [one, other] = [await callOn(session, bad), await callOn(session, withheld)];
    session.destroy();
    expect(one).toMatchObject({ status: 'OK', data: framed(Buffer.alloc(0)) });
    expect(withoutDate(other)).toEqual(withoutDate(one));
  });

  it('X10 an empty token: INVALID_ARGUMENT, and only for a caller that is known', async () => {
    expect(await client.introspect('')).toMatchObject({ status: 'INVALID_ARGUMENT', details: 'the token is missing' });
    const anonymous = await client.introspect('', { authorization: undefined });
    expect(anonymous.status).toBe('UNAUTHENTICATED');
  });

  it('R7662-14 R7662-20 without credentials the token is not looked at, good or not', async () => {
    const before = [endpoint.reception.introspected, endpoint.reception.keys.fetches];
    const good = await rawCall(endpoint.port, {
      headers: { authorization: undefined },
      body: framed(requestBytes(token)),
    });
    const bad = await rawCall(endpoint.port, {
      headers: { authorization: undefined },
      body: framed(requestBytes('x')),
    });
    expect(withoutDate(good)).toEqual(withoutDate(bad));
    expect([endpoint.reception.introspected, endpoint.reception.keys.fetches]).toEqual(before);
  });

  it('X14 a message over the limit: RESOURCE_EXHAUSTED', async () => {
    expect((await client.introspect('a'.repeat(66_000))).status).toBe('RESOURCE_EXHAUSTED');
  });

  it('D-04 a token longer than any, in a message that is not too long: inactive', async () => {
    const outcome = await client.introspect('a'.repeat(60_000));
    expect([outcome.status, outcome.answer?.active]).toEqual(['OK', false]);
  });
});

describe('the gRPC column, when we cannot answer', () => {
  let endpoint: GrpcEndpoint;
  let client: GrpcClient;

  async function opened(options: GrpcEndpointOptions): Promise<void> {
    endpoint = await GrpcEndpoint.open(options);
    client = new GrpcClient(endpoint.port);
  }

  afterEach(async () => {
    client.close();
    await endpoint.close();
  });

  it('X16 too many failures: RESOURCE_EXHAUSTED with the time to wait, and a caller that had proven itself is served', async () => {
    await opened({});
    const token = endpoint.reception.context.good.build();
    expect((await client.introspect(token)).answer?.active).toBe(true);
    const guesses = Array.from({ length: 120 }, () =>
      client.introspect('x', { authorization: basic('orders', 'guess') }),
    );
    const last = (await Promise.all(guesses)).at(-1)!;
    expect(last.status).toBe('RESOURCE_EXHAUSTED');
    expect(retryInfo(last)).toEqual({ type: 'type.googleapis.com/google.rpc.RetryInfo', seconds: 1 });
    expect(last.trailers.get('grpc-retry-pushback-ms')).toEqual(['1000']);
    expect((await client.introspect(token)).answer?.active).toBe(true);
  });

  it('X17 keys that cannot be known: UNAVAILABLE with the time to wait, never inactive', async () => {
    await opened({
      keys: () => ({
        known: () => undefined,
        holds: () => false,
        find: () => Promise.reject(new KeysUnavailable('main', 7)),
      }),
    });
    const outcome = await client.introspect(endpoint.reception.context.good.build());
    expect(outcome).toMatchObject({ status: 'UNAVAILABLE', details: 'temporarily unavailable' });
    expect(outcome.answer).toBeUndefined();
    expect(retryInfo(outcome).seconds).toBe(7);
    expect(outcome.trailers.get('grpc-retry-pushback-ms')).toEqual(['7000']);
  });

  it.each([
    ['X18', new OAuthError('temporarily_unavailable', 'revocations are not known'), 'UNAVAILABLE'],
    ['X13', new OAuthError('invalid_request', 'a status that gRPC has no word for', { status: 415 }), 'INTERNAL'],
    ['X08', new OAuthError('invalid_client', 'not for this caller', { status: 403 }), 'PERMISSION_DENIED'],
  ])('%s what the core throws has its status', async (_row, error, expected) => {
    await opened({ introspector: failingWith(error) });
    const outcome = await client.introspect('x');
    expect([outcome.status, outcome.details]).toEqual([expected, error.description]);
    expect(outcome.trailers.get('grpc-retry-pushback-ms')).toEqual([]);
  });

  it('X20 INV-01 a bug: a constant INTERNAL, and neither token nor secret in it or in the log', async () => {
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw';
    await opened({ introspector: failingWith(new TypeError(`cannot read ${token} of Basic b3JkZXJz`)) });
    const outcome = await client.introspect(token);
    expect(outcome).toMatchObject({ status: status[status.INTERNAL], details: 'internal error' });
    expect(endpoint.reception.log).toContain('unexpected error');
    expect(endpoint.reception.log).not.toMatch(/eyJ|b3JkZXJz/);
  });

  it('INV-01 the log says why, in the words of the other endpoint', async () => {
    await opened({});
    await client.introspect('not-a-token');
    await client.introspect('x', { authorization: basic('orders', 'wrong') });
    const lines = endpoint.reception.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { msg: 'token is not active', caller: 'orders', rejection: 'malformed' },
      { msg: 'caller refused', caller: 'orders', status: 401, source: '127.0.0.1' },
    ]);
  });
});

function failingWith(error: Error): Introspector {
  const introspector = new Introspector({} as TokenVerifier);
  introspector.introspect = () => Promise.reject(error);
  return introspector;
}

/** What a second call is compared by: the clock may have gone on meanwhile. */
function withoutDate({ fields, ...outcome }: RawOutcome): object {
  return { ...outcome, fields: Object.entries(fields).filter(([name]) => !['date', 'x-request-id'].includes(name)) };
}
