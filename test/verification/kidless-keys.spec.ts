import { KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClaimValidator } from '../../src/claims/claim-validator.js';
import type { Issuer } from '../../src/issuers/issuer.js';
import { KeyUndetermined } from '../../src/keys/key-resolver.js';
import { Rejection } from '../../src/tokens/rejection.js';
import { SystemClock } from '../../src/shared/clock.js';
import { TokenVerifier } from '../../src/verification/token-verifier.js';
import { aToken } from '../builders/a-token.js';
import { signAs } from '../builders/sign.js';
import { FakeIssuer, makeKey, type FakeKey } from '../fakes/fake-issuer.js';
import { respond } from '../fakes/misbehaviours.js';
import { issuerAt, KeyWorld, quick } from '../keys/support/key-world.js';

const clock = new SystemClock();

describe('keys that are published without a kid, for tokens that have one', () => {
  let fake: FakeIssuer;

  beforeEach(async () => {
    fake = await FakeIssuer.start();
  });

  afterEach(async () => {
    await fake.stop();
  });

  function replica(differences: Partial<Issuer> = {}) {
    const freshness = { ...quick, minSpacingMs: 1, missCooldownMs: 60_000, missBurst: 3 };
    const world = new KeyWorld([issuerAt(fake, { freshness, allowKidless: true, ...differences })]);
    const verifier = new TokenVerifier(world.issuers, world.keys, new ClaimValidator(clock));
    const verdict = async (token: string): Promise<string> => {
      try {
        const found = await verifier.verify(token);
        return found instanceof Rejection ? found.code : 'active';
      } catch (error) {
        if (error instanceof KeyUndetermined) return 'undetermined';
        throw error;
      }
    };
    return {
      world,
      verdict,
      [Symbol.dispose]: () => {
        world[Symbol.dispose]();
      },
    };
  }

  function publish(...keys: readonly (readonly [FakeKey, kid?: string])[]): void {
    fake.publishDocument({ keys: keys.map(([{ publicJwk }, kid]) => ({ ...publicJwk, kid })) });
  }

  function token({ privateKey }: FakeKey, kid: string | undefined = 'some-name'): string {
    return aToken()
      .from(fake.issuer)
      .for('https://api.corp.example')
      .at(clock.wallMs() / 1000)
      .header({ alg: 'ES256', kid })
      .signature((input) => signAs('ES256', KeyObject.from(privateKey), input))
      .build();
  }

  const keys = (count: number): Promise<FakeKey[]> =>
    Promise.all(Array.from({ length: count }, (_none, i) => makeKey('ES256', `k${i}`)));

  it('are used where the registration allows it, and only there', async () => {
    const [own] = await keys(1);
    publish([own!]);
    using allowed = replica();
    using strict = replica({ allowKidless: false });

    expect(await allowed.verdict(token(own!))).toBe('active');
    expect(await allowed.verdict(token(own!, undefined))).toBe('active');
    expect(await strict.verdict(token(own!))).toBe('key_unknown');
  });

  it('never stand in for a key of that name', async () => {
    const [named, nameless] = await keys(2);
    publish([named!, 'a'], [nameless!]);
    using world = replica();

    expect(await world.verdict(token(nameless!, 'a'))).toBe('signature_invalid');
    expect(await world.verdict(token(named!, 'b'))).toBe('signature_invalid');
    expect(await world.verdict(token(nameless!, 'b'))).toBe('active');
  });

  it('are tried four at most', async () => {
    const all = await keys(5);
    publish(...all.map((key) => [key] as const));
    using world = replica();
    const verdicts = await Promise.all(all.map((key) => world.verdict(token(key))));

    expect(verdicts).toEqual(['active', 'active', 'active', 'active', 'signature_invalid']);
  });

  it('that are new work on their first use, within the budget of unknown keys', async () => {
    const [before, after, forged] = await keys(3);
    publish([before!]);
    using world = replica();
    expect(await world.verdict(token(before!))).toBe('active');
    publish([after!]);
    expect(await world.verdict(token(after!))).toBe('active');

    const fetched = fake.keySetRequests;
    for (let i = 0; i < 20; i++) expect(await world.verdict(token(forged!, `kid-${i}`))).toBe('signature_invalid');
    expect(fake.keySetRequests - fetched).toBeLessThanOrEqual(3);
  });

  it('that could not be asked for are not said to be bad', async () => {
    const [before, after] = await keys(2);
    publish([before!]);
    using world = replica();
    expect(await world.verdict(token(before!))).toBe('active');
    fake.behaveForKeys(respond(503));

    expect(await world.verdict(token(after!))).toBe('undetermined');
    expect(await world.verdict(token(before!))).toBe('active');
  });
});
