/** Providers whose tokens only they can read: their registrations, and answers as their documentation shows them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Explainer } from '../../src/admin/explain/explainer.js';
import { presetNamed } from '../../src/issuers/presets/presets.js';
import type { Preset } from '../../src/issuers/presets/preset.js';
import { aJwks, aKey } from '../builders/a-key.js';
import { aToken } from '../builders/a-token.js';
import { FileBox } from '../upstream/support/file-box.js';
import { OpaqueWorld } from '../upstream/support/opaque-world.js';
import { RecordingUpstream } from '../upstream/support/recording-upstream.js';
import { text } from '../upstream/support/three-issuers.js';

const key = aKey('RS256');
const origin = 'https://corp.my.salesforce.com';
const app = '3MVG9lKcPoNINVBIPJjdw1J9LLM82Hn';
const token = (organization = '00D5g000004abcd') => `${organization}!AQEAQ${text(48)}`;

/** What the page of the provider says to paste, but for the places of its keys, its endpoint and our secret. */
function pasted({ name, issuer, asks }: Preset, endpoint: string): object {
  const settings = asks.flatMap((ask) => ('setting' in ask ? [[ask.setting, ask.example]] : []));
  const rules = asks.flatMap((ask) => ('rule' in ask ? [ask.example] : []));
  const { opaque, ...others } = Object.fromEntries(settings) as { opaque: { credentials: object } };
  const secretFile = new FileBox().write('secret', 'a secret of ours there');
  const credentials = { ...opaque.credentials, secret: `\${file:${secretFile}}` };
  const here = { keys: { jwks: aJwks(key) }, network: { allowPrivate: true } };
  return {
    id: name,
    preset: name,
    issuer: issuer.example,
    rules,
    ...others,
    ...here,
    opaque: { ...opaque, endpoint, credentials },
  };
}

describe('salesforce', () => {
  let upstream: RecordingUpstream;
  let world: OpaqueWorld;

  beforeEach(async () => {
    upstream = await RecordingUpstream.open();
    world = await OpaqueWorld.open([pasted(presetNamed('salesforce')!, upstream.endpoint)]);
    upstream.behave = () => documented();
  });

  afterEach(async () => {
    await world.close();
    await upstream.close();
  });

  const documented = (changes: object = {}): object => ({
    active: true,
    scope: 'id refresh_token openid',
    client_id: app,
    username: 'abeli@corp.example',
    sub: 'https://login.salesforce.com/id/00D5g000004abcdEAA/0055g00000AbCdEAAV',
    token_type: 'access_token',
    exp: world.nowSeconds + 7_200,
    iat: world.nowSeconds,
    nbf: world.nowSeconds - 15,
    ...changes,
  });

  it('an opaque token is active and answered as it is documented', async () => {
    expect(await world.verdict(token())).toMatchObject({
      active: true,
      iss: origin,
      client_id: app,
      scope: 'id refresh_token openid',
      sub: 'https://login.salesforce.com/id/00D5g000004abcdEAA/0055g00000AbCdEAAV',
      token_type: 'Bearer',
    });
    expect(upstream.received[0]?.headers.authorization).toMatch(/^Basic /);
  });

  it('a JWT of the same organization is judged here, and not sent', async () => {
    const jwt = aToken()
      .header({ typ: 'JWT', tty: 'sfdc-core-token', ver: '1.0' })
      .from(origin)
      .for(origin)
      .at(world.nowSeconds)
      .with({ sub: 'uid:0055g00000AbCdEAAV', scp: 'refresh_token web api', client_id: app, mty: 'oauth' })
      .signedBy(key)
      .build();
    expect(await world.verdict(jwt)).toMatchObject({ active: true, client_id: app, scope: 'refresh_token web api' });
    expect(upstream.received).toEqual([]);
  });

  it.each([
    ['of another organization', token('00D000000000000'), {}, 'opaque_unroutable', 'another organization'],
    ['of another app', token(), { client_id: 'another' }, 'rule_failed', 'another app'],
    ['a refresh token', token(), { token_type: 'refresh_token' }, 'token_kind', undefined],
    ['that is over', token(), { active: false }, 'opaque_inactive', 'introspect all'],
  ])('a token %s is refused, and an operator gets to know why', async (_what, asked, changes, code, hint) => {
    upstream.behave = () => documented(changes);
    expect(await world.verdict(asked)).toBe(code);
    const { rejection } = (await world.context.module
      .get(Explainer, { strict: false })
      .explain({ id: 'admin' } as never, { token: asked, caller: 'orders' })) as { rejection: { hints?: string[] } };
    if (hint !== undefined) expect(rejection.hints).toContainEqual(expect.stringContaining(hint));
  });
});
