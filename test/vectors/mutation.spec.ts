import { ClaimValidator } from '../../src/claims/claim-validator.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Rejection } from '../../src/tokens/rejection.js';
import { TokenVerifier } from '../../src/verification/token-verifier.js';
import { VerifiedTokenCache } from '../../src/verification/verified-token-cache.js';
import { aToken, encode } from '../builders/a-token.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { allCases, contextOf } from './all-cases.js';
import { HeldKeys, ListedIssuers, makeWorld } from './world.js';

/** Long enough to find what a reader would not; bounded, because it runs with every change. */
const TIME_LIMIT_MS = 8_000;

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ "{}~%\0\n\u0100'.split('');

/** One change of a text: a letter replaced, inserted or removed, a piece doubled, cut or moved, two bits of a letter turned. */
const mutation = fc.record({
  kind: fc.constantFrom('replace', 'insert', 'remove', 'double', 'cut', 'swap', 'flip'),
  at: fc.nat(),
  length: fc.integer({ min: 1, max: 8 }),
  letter: fc.constantFrom(...letters),
});

type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(text: string, { kind, at: position, length, letter }: Mutation): string {
  const at = position % (text.length + 1);
  const [before, piece, after] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)];
  switch (kind) {
    case 'replace':
      return before + letter + text.slice(at + 1);
    case 'insert':
      return before + letter + piece + after;
    case 'remove':
      return before + after;
    case 'double':
      return before + piece + piece + after;
    case 'cut':
      return before;
    case 'swap':
      return piece + before + after;
    case 'flip':
      return before + String.fromCharCode(text.charCodeAt(at % text.length) ^ 3) + text.slice(at + 1);
  }
}

describe('whatever the token', () => {
  let verify: (token: string) => Promise<string>;
  let goodTokens: readonly string[];
  let allTokens: readonly string[];

  beforeAll(async () => {
    const world = await makeWorld();
    const clock = new FakeClock();
    const memory = new VerifiedTokenCache(64 * 1024 ** 2);
    const keys = await HeldKeys.of(world);
    const verifier = new TokenVerifier(ListedIssuers.of(world), keys, new ClaimValidator(clock), undefined, memory);
    const context = contextOf(world, clock.wallMs() / 1000);
    verify = async (token) => {
      const verdict = await verifier.verify(token);
      return verdict instanceof Rejection ? verdict.code : 'active';
    };
    allTokens = allCases.map(({ token }) => token(context)).filter((token) => token.length < 4096);
    const { es, es384, rs, ps, ed } = world.keys;
    goodTokens = [es, es384, rs, ps, ed].map((key) => context.good.signedBy(key).build());
    // What is remembered is what mutants resemble.
    for (const token of goodTokens) await verify(token);
  });

  it('no mutation of a good token is active', { timeout: 30_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.array(mutation, { minLength: 1, maxLength: 4 }), async (pick, mutations) => {
        const original = goodTokens[pick % goodTokens.length]!;
        const mutant = mutations.reduce(mutate, original);
        expect((await verify(mutant)) === 'active').toBe(mutant === original);
      }),
      { numRuns: 10_000, interruptAfterTimeLimit: TIME_LIMIT_MS },
    );
  });

  it('no mutation of any token makes the verifier throw', { timeout: 30_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.array(mutation, { maxLength: 4 }), async (pick, mutations) => {
        await expect(verify(mutations.reduce(mutate, allTokens[pick % allTokens.length]!))).resolves.toBeTypeOf(
          'string',
        );
      }),
      { numRuns: 10_000, interruptAfterTimeLimit: TIME_LIMIT_MS },
    );
  });

  it('no text is active', async () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array().map((octets) => Buffer.from(octets).toString('latin1')),
      fc.array(fc.string({ unit: 'grapheme' })).map((parts) => parts.join('.')),
      fc
        .array(
          fc.uint8Array().map((octets) => encode(Buffer.from(octets))),
          { minLength: 2, maxLength: 6 },
        )
        .map((parts) => parts.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        expect(await verify(text)).not.toBe('active');
      }),
      { numRuns: 5000, interruptAfterTimeLimit: TIME_LIMIT_MS },
    );
  });

  it('no header and no payload of any JSON make the verifier throw, and none is active without a good signature', async () => {
    const known = fc.constantFrom(
      'alg',
      'kid',
      'typ',
      'cty',
      'crit',
      'b64',
      'zip',
      'iss',
      'aud',
      'exp',
      'nbf',
      'iat',
      'cnf',
      'scope',
    );
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('ES256', 'es', 'https://login.corp.example', 'https://api.corp.example', 1_795_262_400),
    );
    const object = fc.dictionary(fc.oneof(known, fc.string()), value, { maxKeys: 12 });
    await fc.assert(
      fc.asyncProperty(
        object,
        object,
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        async (header, claims, signature) => {
          const named = { alg: 'ES256', kid: 'es', ...header };
          const token = aToken()
            .rawHeader(JSON.stringify(named))
            .rawPayload(JSON.stringify({ iss: 'https://login.corp.example', ...claims }))
            .signature(() => Buffer.from(signature));
          expect(await verify(token.build())).not.toBe('active');
        },
      ),
      { numRuns: 5000, interruptAfterTimeLimit: TIME_LIMIT_MS },
    );
  });
});
