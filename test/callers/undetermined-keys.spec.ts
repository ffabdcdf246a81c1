import { describe, expect, it } from 'vitest';
import { ClaimValidator } from '../../src/claims/claim-validator.js';
import { Callers } from '../../src/callers/callers.js';
import type { CallerSection } from '../../src/callers/registration/callers.config.js';
import type { PresentedCredentials } from '../../src/callers/credentials/presented-credentials.js';
import { ConfiguredIssuers } from '../../src/issuers/configured-issuers.js';
import { KeyResolver, KeysUnavailable, KeyUndetermined } from '../../src/keys/key-resolver.js';
import type { Issuer } from '../../src/issuers/issuer.js';
import type { JsonObject } from '../../src/shared/json-value.js';
import type { VerificationKey } from '../../src/tokens/verification-key.js';
import { OAuthError } from '../../src/transport/oauth-error.js';
import { TokenVerifier } from '../../src/verification/token-verifier.js';
import { anIssuer } from '../builders/an-issuer.js';
import { aKey } from '../builders/a-key.js';
import { aToken } from '../builders/a-token.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { aCaller, bearer, identifier, prepared } from './reception.js';

/** An issuer that failed: it has keys, and whether it has the one that was asked for nobody knows. */
class FailingKeys extends KeyResolver {
  fetches = 0;

  override known(): readonly VerificationKey[] {
    return [];
  }

  override holds(): boolean {
    return false;
  }

  override find(issuer: Issuer): Promise<never> {
    this.fetches++;
    return Promise.reject(new KeyUndetermined(issuer.id, 7));
  }
}

/** What callers are told: seconds of `Retry-After`, or the status of a refusal. */
class Entrance {
  readonly clock = new FakeClock();
  readonly keys = new FailingKeys();
  private readonly callers: Callers;

  constructor(sections: readonly CallerSection[]) {
    const { clock, keys } = this;
    const [issuers, assertionIssuers] = [new ConfiguredIssuers(), new ConfiguredIssuers()];
    issuers.replace([anIssuer()]);
    const claims = new ClaimValidator(clock);
    this.callers = new Callers({
      clock,
      tokens: new TokenVerifier(issuers, keys, claims),
      assertions: { issuers: assertionIssuers, verifier: new TokenVerifier(assertionIssuers, keys, claims) },
      failureLimits: {},
    });
    this.callers.replace(prepared(sections));
  }

  async told(presented: Partial<PresentedCredentials>): Promise<string> {
    try {
      const whole = { authorization: [], form: {}, source: '192.0.2.1', ...presented };
      return (await this.callers.authenticator.authenticate(whole)).id;
    } catch (error) {
      if (error instanceof KeysUnavailable) return `in ${error.retryAfterSeconds} s`;
      if (error instanceof OAuthError) return String(error.status);
      throw error;
    }
  }

  async toldOften(times: number, presented: () => Partial<PresentedCredentials>): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (let i = 0; i < times; i++) {
      const told = await this.told(presented());
      counts[told] = (counts[told] ?? 0) + 1;
    }
    return counts;
  }
}

const key = aKey();

describe('a caller whose key cannot be known', () => {
  const tokens = ['orders', 'billing'].map((name) =>
    aCaller({ id: name, token: { issuer: 'corp', subject: `sa:${name}`, audience: identifier } }),
  );
  const presentedBy =
    (entrance: Entrance, subject: string, claims: JsonObject = {}) =>
    (): Partial<PresentedCredentials> =>
      bearer(
        aToken()
          .from(anIssuer().issuer)
          .for(identifier)
          .at(entrance.clock.wallMs() / 1_000)
          .with({ sub: subject, ...claims })
          .signedBy(key)
          .build(),
      );

  it('I17 is told when to come back, twenty times at once, and then refused, each on its own account', async () => {
    const entrance = new Entrance(tokens);

    expect(await entrance.toldOften(25, presentedBy(entrance, 'sa:orders'))).toEqual({ 'in 7 s': 20, 401: 5 });
    expect(await entrance.toldOften(3, presentedBy(entrance, 'sa:billing'))).toEqual({ 'in 7 s': 3 });
  });

  it('I17 learns nothing and costs no fetch where it is nobody', async () => {
    const entrance = new Entrance(tokens);

    expect(await entrance.toldOften(5, presentedBy(entrance, 'sa:nobody'))).toEqual({ 401: 5 });
    expect(entrance.keys.fetches).toBe(0);
  });

  it('I17 learns nothing and costs no fetch with a token that is bound to a key nobody proved', async () => {
    const entrance = new Entrance(tokens);
    const bound = { cnf: { jkt: Buffer.alloc(32).toString('base64url') } };

    expect(await entrance.toldOften(5, presentedBy(entrance, 'sa:orders', bound))).toEqual({ 401: 5 });
    expect(entrance.keys.fetches).toBe(0);
  });

  it('I17 is told the same for its assertions', async () => {
    const assertion = { jwksUri: 'https://orders.example/jwks' };
    const entrance = new Entrance([aCaller({ id: 'orders', assertion }), aCaller({ id: 'billing', assertion })]);
    const assertedBy = (id: string) => (): Partial<PresentedCredentials> => ({
      form: {
        clientAssertionType: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        clientAssertion: aToken()
          .at(entrance.clock.wallMs() / 1_000)
          .with({ iss: id, sub: id, aud: identifier, client_id: undefined })
          .signedBy(key)
          .header({ typ: 'JWT' })
          .build(),
      },
    });

    expect(await entrance.toldOften(25, assertedBy('orders'))).toEqual({ 'in 7 s': 20, 401: 5 });
    expect(await entrance.toldOften(3, assertedBy('billing'))).toEqual({ 'in 7 s': 3 });
    expect(await entrance.toldOften(3, assertedBy('nobody'))).toEqual({ 401: 3 });
  });
});
