import { ClaimValidator } from '../../src/claims/claim-validator.js';
import { expect, it } from 'vitest';
import { PrivateKeyJwt } from '../../src/callers/methods/assertion/private-key-jwt.js';
import { AuthenticationFailure } from '../../src/callers/credentials/authentication-failure.js';
import { TokenVerifier } from '../../src/verification/token-verifier.js';
import { aJwks, aKey } from '../builders/a-key.js';
import { aToken } from '../builders/a-token.js';
import { aCaller, identifier, Reception } from './reception.js';

const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const key = aKey();

it.each([
  ['has the rights that its caller has since', key, ['sub']],
  ['is refused when its caller signs with another key since', aKey(), undefined],
])('an assertion that waits to be remembered while callers are registered anew %s', async (_, keySince, claims) => {
  const reception = new Reception([aCaller({ assertion: { jwks: aJwks(key) } })]);
  await reception.keys.add('caller:orders-api', key, reception.assertionIssuers.byId('caller:orders-api')!);
  const replay = {
    use: () => {
      reception.register([aCaller({ assertion: { jwks: aJwks(keySince) }, claims: ['sub'] })]);
      return Promise.resolve(true);
    },
  };
  const verifier = new TokenVerifier(reception.assertionIssuers, reception.keys, new ClaimValidator(reception.clock));
  const assertion = aToken()
    .header({ typ: 'client-authentication+jwt' })
    .signedBy(key)
    .at(reception.nowSeconds())
    .with({ iss: 'orders-api', sub: 'orders-api', aud: identifier, jti: 'assertion', client_id: undefined })
    .build();

  const judged = await new PrivateKeyJwt(reception.directory, verifier, replay).authenticate({ assertion, type });

  expect(judged instanceof AuthenticationFailure).toBe(claims === undefined);
  if (!(judged instanceof AuthenticationFailure)) expect(judged.claims).toEqual(new Set(claims));
});
