import { afterEach, beforeEach, expect, it } from 'vitest';
import { TokenRevoker } from '../../src/introspection/revoke/token-revoker.js';
import { aCaller, opaqueIssuer, OpaqueWorld } from './support/opaque-world.js';
import { RecordingUpstream } from './support/recording-upstream.js';
import { text } from './support/three-issuers.js';

let upstream: RecordingUpstream;
let world: OpaqueWorld;

beforeEach(async () => {
  upstream = await RecordingUpstream.open();
  upstream.behave = () => world.good({ jti: 'one' });
  world = await OpaqueWorld.open(
    [opaqueIssuer('okta', upstream.endpoint)],
    [aCaller('orders'), aCaller('shop', ['okta'], { revoke: 'own' }), aCaller('till', ['okta'], { revoke: 'own' })],
  );
});

afterEach(async () => {
  await world.close();
  await upstream.close();
});

const revoke = (token: string, caller: string, hint?: string) =>
  world.context.module.get(TokenRevoker, { strict: false }).revoke(token, world.caller(caller), hint);
const verdict = (token: string): Promise<unknown> => world.verdict(token, { hint: 'okta' });

it('an opaque token with an id is ended here by whoever may, and nobody tells its issuer', async () => {
  const token = text();
  await expect(revoke(token, 'till', 'okta')).rejects.toMatchObject({ code: 'unauthorized_client' });
  expect(await verdict(token)).toMatchObject({ active: true });
  expect(await revoke(token, 'shop', 'okta')).toEqual({ revoked: true });
  expect(await verdict(token)).toBe('revoked_token');
  expect(new Set(upstream.received.map(({ url }) => url))).toEqual(new Set(['/introspect']));
});

it('one without an id is for its issuer alone to end, and the caller is told so (RFC 7009 §2.2.1)', async () => {
  upstream.behave = () => world.good();
  const token = text();
  await expect(revoke(token, 'shop', 'okta')).rejects.toMatchObject({ code: 'unsupported_token_type', status: 400 });
  expect(await verdict(token)).toMatchObject({ active: true });
});

it('one that no rule finds, or that its issuer does not know, is nothing to end', async () => {
  expect(await revoke(text(), 'shop')).toMatchObject({ revoked: false });
  expect(upstream.received).toEqual([]);
  upstream.behave = () => ({ active: false });
  expect(await revoke(text(), 'shop', 'okta')).toMatchObject({ revoked: false });
});
