import { ClaimValidator } from '../../src/claims/claim-validator.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { Rejection } from '../../src/tokens/rejection.js';
import { TokenVerifier } from '../../src/verification/token-verifier.js';
import { VerifiedTokenCache } from '../../src/verification/verified-token-cache.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { contextOf, tables } from './all-cases.js';
import type { VectorContext } from './vector.js';
import { HeldKeys, ListedIssuers, makeWorld } from './world.js';

let keys: HeldKeys;
let verifier: TokenVerifier;
let context: VectorContext;

beforeAll(async () => {
  const world = await makeWorld();
  const clock = new FakeClock();
  keys = await HeldKeys.of(world);
  verifier = new TokenVerifier(
    ListedIssuers.of(world),
    keys,
    new ClaimValidator(clock),
    undefined,
    new VerifiedTokenCache(64 * 1024 ** 2),
  );
  context = contextOf(world, clock.wallMs() / 1000);
});

describe.each(Object.entries(tables))('the verifier against %s', (_table, cases) => {
  it.each(cases.map((vector) => [`${vector.id} ${vector.name}`, vector] as const))('%s', async (_name, vector) => {
    const token = vector.token(context);
    // The second time a good token is remembered, and nothing else is.
    for (const time of ['first', 'second']) {
      const before = keys.fetches;
      const verdict = await verifier.verify(token);
      expect(verdict instanceof Rejection ? verdict.code : 'active', time).toBe(vector.rejection ?? 'active');
      expect(keys.fetches - before, time).toBe(vector.fetches);
    }
  });
});
