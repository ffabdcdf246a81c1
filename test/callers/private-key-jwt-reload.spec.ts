import { ClaimValidator } from '../../src/claims/claim-validator.js';
import { expect, it } from 'vitest';
import { AuthenticationFailure } from '../../src/callers/credentials/authentication-failure.js';
import { UnprovenSignatures } from '../../src/callers/limits/unproven-signatures.js';
import { PrivateKeyJwt } from '../../src/callers/methods/assertion/private-key-jwt.js';
import { registrationsOf } from '../../src/callers/methods/caller-methods.js';
import type { CallerSection } from '../../src/callers/registration/callers.config.js';
import { ConfiguredIssuers } from '../../src/issuers/configured-issuers.js';
import { TokenVerifier } from '../../src/verification/token-verifier.js';
import { aJwks, aKey } from '../builders/a-key.js';
import { aToken } from '../builders/a-token.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { KnownKeys } from '../fakes/known-keys.js';
import { aCaller, identifier, prepared } from './reception.js';

const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const key = aKey();

it.each([
  ['has the rights that its caller has since', key, ['sub']],
  ['is refused when its caller signs with another key since', aKey(), undefined],
])('an assertion that waits to be remembered while callers are registered anew %s', async (_, keySince, claims) => {
  const [clock, keys, issuers] = [new FakeClock(), new KnownKeys(), new ConfiguredIssuers()];
  const replay = {
    use: () => {
      register(aCaller({ assertion: { jwks: aJwks(keySince) }, claims: ['sub'] }));
      return Promise.resolve(true);
    },
  };
  const method = new PrivateKeyJwt(
    { issuers, verifier: new TokenVerifier(issuers, keys, new ClaimValidator(clock)) },
    new UnprovenSignatures(),
    replay,
  );
  const register = (caller: CallerSection) => {
    method.replace(registrationsOf('assertion', prepared([caller])));
  };
  register(aCaller({ assertion: { jwks: aJwks(key) } }));
  await keys.add('caller:orders-api', key, issuers.byId('caller:orders-api')!);
  const assertion = aToken()
    .header({ typ: 'client-authentication+jwt' })
    .signedBy(key)
    .at(clock.wallMs() / 1000)
    .with({ iss: 'orders-api', sub: 'orders-api', aud: identifier, jti: 'assertion', client_id: undefined })
    .build();

  const judged = await method.authenticate({ assertion, type, source: '192.0.2.1' });

  expect(judged instanceof AuthenticationFailure).toBe(claims === undefined);
  if (!(judged instanceof AuthenticationFailure)) expect(judged.claims).toEqual(new Set(claims));
});
