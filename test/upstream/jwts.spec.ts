import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aKey, aJwks } from '../builders/a-key.js';
import { aToken } from '../builders/a-token.js';
import { aCaller, AUDIENCE, jwtIssuer, jwtKey, opaqueIssuer, OpaqueWorld } from './support/opaque-world.js';
import { RecordingUpstream } from './support/recording-upstream.js';

let upstream: RecordingUpstream;
let world: OpaqueWorld;

beforeEach(async () => {
  upstream = await RecordingUpstream.open();
  upstream.behave = () => world.good();
});

afterEach(async () => {
  await world.close();
  await upstream.close();
});

async function open(opaque: object, others: object = {}): Promise<void> {
  world = await OpaqueWorld.open(
    [
      opaqueIssuer('okta', upstream.endpoint, opaque, others),
      jwtIssuer('corp'),
      opaqueIssuer('zitadel', upstream.endpoint, { match: { prefix: 'zt_v1_' } }),
    ],
    [aCaller('orders'), aCaller('corp-only', ['corp'])],
  );
}

describe('jwt: introspect', () => {
  it('OPQ-02 JWTs of the issuer that says so go upstream; no other JWT ever does', async () => {
    await open({ jwt: 'introspect' });
    const token = world.jwt('okta');
    expect(await world.verdict(token)).toMatchObject({ active: true, iss: 'https://okta.example', sub: 'alice' });
    for (const other of ['corp', 'zitadel'])
      expect(await world.verdict(world.jwt(other))).toMatchObject({ active: true });
    expect(await world.verdict(world.jwt('nobody'))).toBe('issuer_unknown');
    expect(await world.verdict(token, { caller: 'corp-only' })).toBe('caller_issuer_not_granted');
    for (const broken of [`${token}=`, token.slice(1), `${token}.`, token.split('.').slice(0, 2).join('.')])
      await world.verdict(broken, { hint: 'okta' });
    expect(upstream.tokens).toEqual([token]);
  });

  it('is judged by what the issuer says, not by the keys that it publishes, nor by what the token says of itself', async () => {
    await open({ jwt: 'introspect' }, { keys: { jwks: aJwks(aKey('ES256')) } });
    const token = world.jwt('okta');
    upstream.behave = () => world.good({ sub: 'bob', scope: 'a b' });
    expect(await world.verdict(token)).toMatchObject({ active: true, sub: 'bob', scope: 'a b' });
    upstream.behave = () => ({ active: false });
    await world.clock.advance(10_000);
    expect(await world.verdict(token)).toBe('opaque_inactive');
    upstream.behave = () => world.good({ aud: 'https://other.example' });
    await world.clock.advance(2_000);
    expect(await world.verdict(token)).toBe('audience_mismatch');
  });

  it('its algorithms and kinds of tokens are those of the registration, and others are not sent', async () => {
    await open({ jwt: 'introspect' }, { algorithms: ['RS256'], keys: { jwks: aJwks(aKey('RS256')) } });
    expect(await world.verdict(world.jwt('okta'))).toBe('algorithm_not_allowed');
    expect(upstream.received).toEqual([]);
  });

  it('an issuer that is away is 503, and one caller cannot spend what others need', async () => {
    await open({ jwt: 'introspect' });
    upstream.behave = () => 'broken';
    expect(await world.verdict(world.jwt('okta'))).toContain('gave no answer: json');
    upstream.behave = () => world.good();
    // Nobody's key has signed them: whoever makes them up is charged, as for opaque tokens.
    const madeUp = (i: number): string =>
      aToken()
        .from('https://okta.example')
        .for(AUDIENCE)
        .at(world.nowSeconds)
        .with({ jti: `${i}` })
        .signedBy(jwtKey)
        .build();
    const flood = await Promise.all(Array.from({ length: 120 }, (_, i) => world.verdict(madeUp(i))));
    expect(flood.filter((said) => String(said).startsWith('OAuthError'))).not.toEqual([]);
    expect(upstream.received.length).toBeLessThanOrEqual(101);
  });
});

describe('recheck by an introspection endpoint', () => {
  it('keys judge, and the issuer says whether it still holds: for whoever is logged out there', async () => {
    await open({ recheck: '30s' });
    const token = world.jwt('okta');
    // What the keys have proven is what is answered, not what the issuer adds.
    upstream.behave = () => world.good({ sub: 'bob', exp: 1 });
    expect(await world.verdict(token)).toMatchObject({ active: true, sub: 'alice' });
    await world.clock.advance(29_999);
    await world.verdict(token);
    expect(upstream.tokens).toEqual([token]);
    upstream.behave = () => ({ active: false });
    await world.clock.advance(1);
    expect(await world.verdict(token)).toBe('opaque_inactive');
    expect(await world.verdict(world.jwt('corp'))).toMatchObject({ active: true });
    expect(upstream.received).toHaveLength(2);
  });

  it('an answer of another issuer is refused', async () => {
    await open({ recheck: '30s' });
    upstream.behave = () => world.good({ iss: 'https://other.example' });
    expect(await world.verdict(world.jwt('okta'))).toBe('opaque_foreign');
  });
});
