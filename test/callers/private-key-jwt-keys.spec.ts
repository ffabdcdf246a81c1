import { ClaimValidator } from '../../src/claims/claim-validator.js';
import { describe, expect, it } from 'vitest';
import type { CallerSection } from '../../src/callers/registration/callers.config.js';
import { MemoryAssertionReplay } from '../../src/callers/methods/assertion/assertion-replay.js';
import { UnprovenSignatures } from '../../src/callers/limits/unproven-signatures.js';
import { PrivateKeyJwt } from '../../src/callers/methods/assertion/private-key-jwt.js';
import { AuthenticationFailure } from '../../src/callers/credentials/authentication-failure.js';
import { registrationsOf } from '../../src/callers/methods/caller-methods.js';
import { ConfiguredIssuers } from '../../src/issuers/configured-issuers.js';
import { composeKeys } from '../../src/keys/compose-keys.js';
import { TokenVerifier } from '../../src/verification/token-verifier.js';
import { aJwks, aKey, type TestKey } from '../builders/a-key.js';
import { aToken } from '../builders/a-token.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { RecordedKeyEvents } from '../keys/support/key-world.js';
import { aCaller, identifier, prepared } from './reception.js';

const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The method over the real key manager, as the application puts it together. */
function methodFor(callers: readonly CallerSection[]) {
  const [clock, issuers] = [new FakeClock(), new ConfiguredIssuers()];
  const keys = composeKeys({ issuers, clock, events: new RecordedKeyEvents() });
  const verifier = new TokenVerifier(issuers, keys, new ClaimValidator(clock));
  const method = new PrivateKeyJwt({ issuers, verifier }, new UnprovenSignatures(), new MemoryAssertionReplay(clock));
  const register = (registered: readonly CallerSection[]) => {
    method.replace(registrationsOf('assertion', prepared(registered)));
  };
  register(callers);
  let serial = 0;
  const present = (key: TestKey, kid: string | undefined = key.kid) => {
    const claims = {
      iss: 'orders-api',
      sub: 'orders-api',
      aud: identifier,
      jti: `a-${++serial}`,
      client_id: undefined,
    };
    const assertion = aToken()
      .at(clock.wallMs() / 1000)
      .with(claims)
      .signedBy(key)
      .header({ typ: 'JWT', kid })
      .build();
    return method.authenticate({ assertion, type, source: '192.0.2.1' });
  };
  return { register, present };
}

describe('the keys of assertions', () => {
  const [oldKey, newKey] = [aKey(), aKey('PS256')];
  const withKeys = (...keys: readonly TestKey[]) => aCaller({ assertion: { jwks: aJwks(...keys) } });

  it('are the ones that the caller registered, of any kind', async () => {
    const { present } = methodFor([withKeys(oldKey, newKey)]);
    expect(await present(oldKey)).toMatchObject({ id: 'orders-api' });
    expect(await present(newKey)).toMatchObject({ id: 'orders-api' });
    expect(await present(aKey())).toBeInstanceOf(AuthenticationFailure);
  });

  it('rotate with the configuration, from the next request on', async () => {
    const { register, present } = methodFor([withKeys(oldKey)]);
    expect(await present(newKey)).toBeInstanceOf(AuthenticationFailure);
    register([withKeys(newKey)]);
    expect(await present(newKey)).toMatchObject({ id: 'orders-api' });
    expect(await present(oldKey)).toBeInstanceOf(AuthenticationFailure);
  });

  it('answer to any name where they were registered without one', async () => {
    const withoutKid = Object.fromEntries(Object.entries(oldKey.jwk).filter(([member]) => member !== 'kid'));
    const nameless = { keys: [withoutKid] };
    const { present } = methodFor([aCaller({ assertion: { jwks: nameless } })]);
    expect(await present(oldKey, 'whatever-the-library-says')).toMatchObject({ id: 'orders-api' });
    expect(await present(newKey, 'whatever-the-library-says')).toBeInstanceOf(AuthenticationFailure);
  });

  it('can only be used with the algorithms that the caller registered', async () => {
    const { present } = methodFor([aCaller({ assertion: { jwks: aJwks(oldKey, newKey), algorithms: ['ES256'] } })]);
    expect(await present(oldKey)).toMatchObject({ id: 'orders-api' });
    expect(await present(newKey)).toBeInstanceOf(AuthenticationFailure);
  });
});
