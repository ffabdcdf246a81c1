import { KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/shared/json-value.js';
import type { Issuer } from '../../src/issuers/issuer.js';
import { metadataIssuersOf } from '../../src/issuers/metadata-issuers.js';
import { ClaimValidator } from '../../src/claims/claim-validator.js';
import { Rejection } from '../../src/tokens/rejection.js';
import { TokenVerifier } from '../../src/verification/token-verifier.js';
import { VerifiedTokenCache } from '../../src/verification/verified-token-cache.js';
import { aToken, type Members } from '../builders/a-token.js';
import { signAs } from '../builders/sign.js';
import { FakeIssuer, makeKey, type FakeKey } from '../fakes/fake-issuer.js';
import { SystemClock } from '../../src/shared/clock.js';
import type { KeyStore } from '../../src/keys/store/key-store.js';
import { MemoryKeyStore } from '../../src/keys/store/memory-key-store.js';
import { issuerAt, KeyWorld } from '../keys/support/key-world.js';
import { aRedisKeyStore } from '../redis/a-redis-key-store.js';
import { RedisWorld } from '../redis/redis-world.js';
import { PLENTY_BYTES } from './support/remembering.js';

const tenant = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';
const consumers = '9188040d-6c67-4c5b-b112-36a304b66dad';
const nameOf = (id: string): string => `https://login.microsoftonline.com/${id}/v2.0`;
const first = `https://sts.windows.net/${tenant}/`;

/** A registered tenant whose keys are in the set that a provider publishes for all of its tenants. */
class Shared {
  private readonly clock = new SystemClock();
  private readonly memory = new VerifiedTokenCache(PLENTY_BYTES);

  constructor(readonly fake: FakeIssuer) {}

  /** One replica, which fetches what is published unless `store` has it. */
  replica(issuer = nameOf(tenant), store: KeyStore = new MemoryKeyStore(this.clock, Math.random)) {
    const { clock } = this;
    const differences: Partial<Issuer> = { issuer, metadataIssuers: metadataIssuersOf(issuer) };
    const world = new KeyWorld([issuerAt(this.fake, differences)], { clock, store });
    const verifier = new TokenVerifier(world.issuers, world.keys, new ClaimValidator(clock), undefined, this.memory);
    const verdict = async (token: string): Promise<string> => {
      const found = await verifier.verify(token);
      return found instanceof Rejection ? found.code : 'active';
    };
    const dispose = (): void => {
      world[Symbol.dispose]();
    };
    return { world, verdict, store, [Symbol.dispose]: dispose };
  }

  token({ kid, privateKey }: FakeKey, claims: Members = {}): string {
    return aToken()
      .from(nameOf(tenant))
      .for('https://api.corp.example')
      .at(this.clock.wallMs() / 1000)
      .with({ tid: tenant, ...claims })
      .header({ alg: 'ES256', kid })
      .signature((input) => signAs('ES256', KeyObject.from(privateKey), input))
      .build();
  }
}

async function published(issuers: Readonly<Record<string, string | undefined>>) {
  const fake = await FakeIssuer.start();
  const keys: Record<string, FakeKey> = {};
  for (const kid of Object.keys(issuers)) keys[kid] = await makeKey('ES256', kid);
  const jwks = Object.entries(issuers).map(([kid, issuer]): JsonObject => ({
    ...(keys[kid]!.publicJwk as JsonObject),
    ...(issuer !== undefined && { issuer }),
  }));
  fake.publishDocument({ keys: jwks });
  return { fake, keys, shared: new Shared(fake), [Symbol.asyncDispose]: () => fake.stop() };
}

describe('keys that a shared set publishes for some tenants only', () => {
  const scopes = {
    any: nameOf('{tenantid}'),
    ours: nameOf(tenant),
    theirs: nameOf(consumers),
    open: undefined,
    odd: 'x',
  };

  it.each([
    ['any', {}, 'active'],
    ['ours', {}, 'active'],
    ['open', {}, 'active'],
    ['odd', {}, 'active'],
    ['ours', { tid: undefined }, 'active'],
    ['theirs', {}, 'key_unknown'],
    ['theirs', { tid: consumers }, 'key_unknown'],
    ['any', { tid: consumers }, 'key_unknown'],
    ['any', { tid: undefined }, 'key_unknown'],
  ])('a token of the tenant by the key for %s, with %j: %s', async (kid, claims, expected) => {
    await using p = await published(scopes);
    using replica = p.shared.replica();
    expect(await replica.verdict(p.shared.token(p.keys[kid]!, claims))).toBe(expected);
  });

  it.each([
    ['any', {}, 'active'],
    ['ours', {}, 'active'],
    ['theirs', {}, 'key_unknown'],
    ['theirs', { tid: consumers }, 'key_unknown'],
  ])('a token of version 1 by the key for %s, with %j: %s', async (kid, claims, expected) => {
    await using p = await published(scopes);
    using replica = p.shared.replica(first);
    expect(await replica.verdict(p.shared.token(p.keys[kid]!, { iss: first, ...claims }))).toBe(expected);
  });

  it('are the same for a replica that took them over from the store', async () => {
    await using p = await published(scopes);
    using one = p.shared.replica();
    expect(await one.verdict(p.shared.token(p.keys['ours']!))).toBe('active');
    using other = p.shared.replica(undefined, one.store);

    expect(await other.verdict(p.shared.token(p.keys['theirs']!))).toBe('key_unknown');
    expect(await other.verdict(p.shared.token(p.keys['any']!))).toBe('active');
    expect(p.fake.keySetRequests).toBe(1);
  });

  it('are the same for a replica that took them over from Redis', async () => {
    const redis = await RedisWorld.start();
    try {
      await using p = await published(scopes);
      using one = p.shared.replica(undefined, aRedisKeyStore(redis.link));
      expect(await one.verdict(p.shared.token(p.keys['ours']!))).toBe('active');
      using other = p.shared.replica(undefined, aRedisKeyStore(redis.link));

      expect(await other.verdict(p.shared.token(p.keys['theirs']!))).toBe('key_unknown');
      expect(await other.verdict(p.shared.token(p.keys['any']!))).toBe('active');
      expect(p.fake.keySetRequests).toBe(1);
    } finally {
      await redis.stop();
    }
  });

  it('D10 verify no token that is remembered from before they were for another tenant', async () => {
    await using p = await published({ key: nameOf(tenant) });
    const token = p.shared.token(p.keys['key']!);
    {
      using replica = p.shared.replica();
      expect(await replica.verdict(token)).toBe('active');
    }
    p.fake.publishDocument({ keys: [{ ...p.keys['key']!.publicJwk, issuer: nameOf(consumers) }] });
    using replica = p.shared.replica();
    expect(await replica.verdict(token)).toBe('key_unknown');
  });
});
