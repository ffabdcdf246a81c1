import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { anIssuer } from '../../test/builders/an-issuer.js';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { makeKey } from '../../test/fakes/fake-issuer.js';
import { headerOf, RecordedKeyEvents } from '../../test/keys/support/key-world.js';
import { readPemKeys } from '../issuers/pem-keys.js';
import { KeysUnavailable } from './key-resolver.js';
import { StaticKeySet } from './static-key-set.js';

function staticKeys(location: ConstructorParameters<typeof StaticKeySet>[1]) {
  const clock = new FakeClock();
  const events = new RecordedKeyEvents();
  return { clock, events, keys: new StaticKeySet(anIssuer(), location, clock, events) };
}

describe('StaticKeySet', () => {
  it('are always fresh, and never fetched', async () => {
    const key = await makeKey('ES256', 'a');
    const { keys, clock } = staticKeys({ jwks: { keys: [key.publicJwk] } });
    expect(await keys.find(headerOf(key))).toHaveLength(1);
    await clock.advance(365 * 24 * 3_600_000);

    expect(keys.known(headerOf(key))).toHaveLength(1);
    expect(keys.freshness()).toMatchObject({ state: 'FRESH', ageMs: 0, keys: [{ kids: ['a'], state: 'active' }] });
    expect(keys.refresher).toBeUndefined();
  });

  it('know at once that a kid is not theirs', async () => {
    const key = await makeKey('ES256', 'a');
    const { keys } = staticKeys({ jwks: { keys: [key.publicJwk] } });

    expect(await keys.find(headerOf({ kid: 'b', alg: 'ES256' }))).toEqual([]);
  });

  it('F-24 from a PEM file serve tokens whatever kid they name', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { jwks } = readPemKeys(publicKey.export({ type: 'spki', format: 'pem' }).toString(), 0);
    const { keys } = staticKeys({ jwks, allowKidless: true });

    expect(await keys.find(headerOf({ kid: '2026-11', alg: 'ES256' }))).toHaveLength(1);
    expect(await keys.find(headerOf({ kid: '2026-11', alg: 'RS256' }))).toHaveLength(0);
  });

  it('are unavailable, not wrong about a token, when none of them can be used', async () => {
    const { keys, events } = staticKeys({ jwks: { keys: [{ kty: 'EC', crv: 'P-192' }] } });

    await expect(keys.find(headerOf({ kid: 'a', alg: 'ES256' }))).rejects.toBeInstanceOf(KeysUnavailable);
    expect(keys.areTrusted).toBe(false);
    expect(keys.freshness().state).toBe('COLD');
    expect(events.drops('corp')).toEqual({ crv_unsupported: 1 });
  });
});
