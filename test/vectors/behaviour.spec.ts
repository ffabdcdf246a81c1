import { beforeAll, describe, expect, it } from 'vitest';
import { ClaimValidator } from '../../src/claims/claim-validator.js';
import { Rejection } from '../../src/tokens/rejection.js';
import { TokenVerifier } from '../../src/verification/token-verifier.js';
import { aKey } from '../builders/a-key.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { allCases, contextOf } from './all-cases.js';
import type { VectorContext } from './vector.js';
import { HeldKeys, issuerOf, ListedIssuers, makeWorld, type World } from './world.js';

/** Rows of the tables that one token alone cannot show. */
describe('the verifier over several tokens', () => {
  let world: World;
  let keys: HeldKeys;
  let issuers: ListedIssuers;
  let clock: FakeClock;
  let verifier: TokenVerifier;
  let context: VectorContext;

  beforeAll(async () => {
    world = await makeWorld();
    keys = await HeldKeys.of(world);
    issuers = ListedIssuers.of(world);
    clock = new FakeClock();
    verifier = new TokenVerifier(issuers, keys, new ClaimValidator(clock));
    context = contextOf(world, clock.wallMs() / 1000);
  });

  async function verdict(token: string): Promise<string> {
    const outcome = await verifier.verify(token);
    return outcome instanceof Rejection ? outcome.code : 'active';
  }

  it('B-07 leaves prototypes alone, and the next good token is good', async () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const { good } = context;
    const polluting = `${good.payloadText.slice(0, -1)},"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`;
    expect(await verdict(good.rawPayload(polluting).build())).toBe('active');
    for (const kid of ['__proto__', 'constructor', 'prototype'])
      expect(await verdict(good.header({ kid }).build())).toBe('key_unknown');
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(await verdict(good.build())).toBe('active');
  });

  it('B-10 does not accept the key of one issuer for another, whatever the kid', async () => {
    const [own, foreign] = [aKey('ES256', { kid: 'es' }), world.keys.lonely];
    expect(await verdict(context.good.signedBy(own).build())).toBe('signature_invalid');
    expect(await verdict(context.good.signedBy({ ...foreign, kid: 'es' }).build())).toBe('signature_invalid');
    expect(await verdict(context.good.from(issuerOf(world, 'lonely')).header({ kid: 'lonely' }).build())).toBe(
      'signature_invalid',
    );
  });

  it('D2-03 both spellings of one ECDSA signature are of one signing input', () => {
    const malleable = allCases.filter(({ id }) => id === 'D2-03');
    expect(malleable.map(({ expect: verdict }) => verdict)).toEqual(['active', 'active', 'active']);
    for (const { token } of malleable) {
      const text = token(context);
      const original = allCases
        .find(({ id, name }) => id === 'D2-01' && name.endsWith('as it was made'))!
        .token(context);
      expect(text.split('.')[1]).toBe(original.split('.')[1]);
    }
  });

  it('D2-12 gives the same verdict for a MAC that is right in some of its octets as for one that is not', async () => {
    const signed = context.good.build();
    const near = signed.slice(0, -4) + 'AAAA';
    const far = signed.slice(0, -86) + 'A'.repeat(86);
    expect(await verifier.verify(near)).toEqual(await verifier.verify(far));
  });

  it('E-03 keeps nothing of ten thousand unknown issuers', async () => {
    const fetches = keys.fetches;
    for (let i = 0; i < 10_000; i++) {
      const token = context.good
        .with({ iss: `https://unknown-${i}.example` })
        .signature(() => Buffer.alloc(64, 1))
        .build();
      if ((await verdict(token)) !== 'issuer_unknown') throw new Error('an unknown issuer got further');
    }
    expect(keys.fetches).toBe(fetches);
    expect(issuers.all()).toHaveLength(world.issuers.length);
  });

  it('E-04 refuses the tokens of a removed issuer at once', async () => {
    const registry = ListedIssuers.of(world);
    const own = new TokenVerifier(registry, keys, new ClaimValidator(clock));
    const token = context.good.build();
    expect(await own.verify(token)).not.toBeInstanceOf(Rejection);
    registry.remove('main');
    expect(await own.verify(token)).toEqual(new Rejection('issuer_unknown'));
  });

  it('E-11 refuses a token without typ where its issuer does not list none', async () => {
    const untyped = context.good.header({ typ: undefined }).build();
    const typed = context.good.header({ typ: 'at+jwt' }).build();
    const [main] = issuers.all();
    const registry = new ListedIssuers([{ ...main!, tokenTypes: new Set(['at+jwt']) }]);
    const own = new TokenVerifier(registry, keys, new ClaimValidator(clock));

    expect(await own.verify(untyped)).toMatchObject({ code: 'token_type_not_allowed' });
    expect(await own.verify(typed)).not.toBeInstanceOf(Rejection);
    expect(await verdict(untyped)).toBe('active');
  });

  it('E-16 judges tokens by the wall clock, an hour to either side', async () => {
    const token = context.good.build();
    clock.stepWall(3_600_000);
    expect(await verdict(token)).toBe('expired');
    clock.stepWall(-7_200_000);
    expect(await verdict(token)).toBe('not_yet_valid');
    clock.stepWall(3_600_000);
    expect(await verdict(token)).toBe('active');
  });

  it('C-01 and C-14 cost the same for a token of a hundred megabytes as for one that is just too long', async () => {
    const texts = ['.'.repeat(100 << 20), 'x'.repeat(100 << 20), 'a.'.repeat(50 << 20)];
    const start = process.hrtime.bigint();
    for (const text of texts) expect(await verdict(text)).toBe('oversized');
    expect(process.hrtime.bigint() - start).toBeLessThan(4_000_000_000n);
  });
});

describe('the tables', () => {
  it('name every row of the standards once at least', () => {
    const rows = (letter: string, last: number, elsewhere: readonly number[] = []) =>
      Array.from({ length: last }, (_, i) => i + 1)
        .filter((row) => !elsewhere.includes(row))
        .map((row) => `${letter}-${String(row).padStart(2, '0')}`);
    const expected = [
      ...rows('A', 14),
      ...rows('B', 18, [7, 10, 15, 16]),
      ...rows('C', 23),
      ...rows('D2', 11),
      ...rows('E', 18, [4, 16]),
    ];
    const present = new Set(allCases.map(({ id }) => id));
    expect(expected.filter((id) => !present.has(id))).toEqual([]);
  });

  it('tell every case by its name', () => {
    const names = allCases.map(({ id, name }) => `${id} ${name}`);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});
