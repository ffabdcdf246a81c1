import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aJwks, aKey } from '../builders/a-key.js';
import { aToken, type TokenBuilder } from '../builders/a-token.js';
import { jwtIssuer, jwtKey, opaqueIssuer, OpaqueWorld, outage } from './support/opaque-world.js';
import { RecordingUpstream } from './support/recording-upstream.js';
import { text } from './support/three-issuers.js';

let upstream: RecordingUpstream;
let world: OpaqueWorld;

const TYPE = 'application/token-introspection+jwt';

beforeEach(async () => {
  upstream = await RecordingUpstream.open();
  world = await OpaqueWorld.open([
    opaqueIssuer('zitadel', upstream.endpoint, { match: { prefix: 'zt_v1_' }, signed: 'require' }),
    // Published by somebody else: it must count for nothing here.
    jwtIssuer('corp', { keys: { jwks: aJwks(corpKey) } }),
  ]);
});

afterEach(async () => {
  await world.close();
  await upstream.close();
});

const corpKey = aKey('ES256');

/** An answer as RFC 9701 §5 has it, for us. */
function signed(about: unknown = world.good()): TokenBuilder {
  return aToken()
    .with({ sub: undefined, jti: undefined, client_id: undefined })
    .from('https://zitadel.example')
    .for('assay-at-zitadel')
    .with({ iat: world.nowSeconds, token_introspection: about as never })
    .header({ typ: 'token-introspection+jwt' })
    .signedBy(jwtKey);
}

async function verdict(body: string, type = TYPE): Promise<unknown> {
  upstream.behave = (_received, response) => {
    response.setHeader('content-type', type);
    return body;
  };
  return world.verdict(`zt_v1_${text()}`);
}

describe('OPQ-13 answers that the issuer has signed (RFC 9701)', () => {
  it('are asked for, and believed for what is in them', async () => {
    expect(await verdict(signed().build())).toMatchObject({
      active: true,
      sub: 'alice',
      iss: 'https://zitadel.example',
    });
    expect(upstream.received[0]?.headers.accept).toBe(TYPE);
    expect(await verdict(signed({ active: false }).build())).toBe('opaque_inactive');
    expect(await verdict(signed({ ...world.good(), iss: 'https://other.example' }).build())).toBe('opaque_foreign');
  });

  it('OPQ-13 a plain answer is refused where signed ones are required, whatever it says', async () => {
    for (const said of [world.good(), { active: false }])
      expect(await verdict(JSON.stringify(said), 'application/json')).toBe(outage('unsigned'));
    // Nor does it help to call it signed.
    expect(await verdict(JSON.stringify(world.good()))).toBe(outage('signature'));
  });

  it.each<[string, (answer: TokenBuilder) => TokenBuilder]>([
    ['a key of another issuer', (answer) => answer.signedBy(corpKey)],
    ['a key that nobody has published', (answer) => answer.signedBy(aKey('ES256'))],
    ['no signature', (answer) => answer.header({ alg: 'none' })],
    ['another issuer', (answer) => answer.from('https://corp.example')],
    ['no issuer', (answer) => answer.with({ iss: undefined })],
    ['another client', (answer) => answer.for('billing-at-zitadel')],
    ['nobody', (answer) => answer.with({ aud: undefined })],
    ['the type of an access token', (answer) => answer.header({ typ: 'at+jwt' })],
    ['no type', (answer) => answer.header({ typ: undefined })],
    ['no time', (answer) => answer.with({ iat: undefined })],
    ['an older time', (answer) => answer.with({ iat: world.nowSeconds - 91 })],
    ['a time to come', (answer) => answer.with({ iat: world.nowSeconds + 31 })],
    ['an end that is over', (answer) => answer.with({ exp: world.nowSeconds - 31 })],
  ])('OPQ-13 one with %s is an outage, never a verdict', async (_what, change) => {
    expect(await verdict(change(signed()).build())).toBe(outage('signature'));
    expect(JSON.stringify(world.context.logger.lines)).toContain('signature');
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'active'],
    ['a list', [{ active: true }]],
    ['no active', { sub: 'alice' }],
  ])('OPQ-13 one about %s is an outage', async (_what, about) => {
    expect(await verdict(signed().with({ token_introspection: about }).build())).toBe(outage('answer'));
  });

  it('an access token of the issuer is no answer, and an answer is no access token', async () => {
    expect(await verdict(world.jwt('zitadel'))).toBe(outage('signature'));
    expect(await world.verdict(signed().build())).toBe('token_type_not_allowed');
  });
});
