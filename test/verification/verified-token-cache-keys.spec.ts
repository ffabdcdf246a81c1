import { ClaimValidator } from '../../src/claims/claim-validator.js';
import { KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Issuer } from '../../src/issuers/issuer.js';
import { KeyResolver, KeysUnavailable } from '../../src/keys/key-resolver.js';
import { importJwk } from '../../src/tokens/import-jwk.js';
import { Rejection } from '../../src/tokens/rejection.js';
import type { VerificationKey } from '../../src/tokens/verification-key.js';
import { TokenVerifier } from '../../src/verification/token-verifier.js';
import { VerifiedTokenCache } from '../../src/verification/verified-token-cache.js';
import { aKey } from '../builders/a-key.js';
import { aToken } from '../builders/a-token.js';
import { signAs } from '../builders/sign.js';
import type { FakeKey } from '../fakes/fake-issuer.js';
import { TimedWorld } from '../keys/support/timed-world.js';
import { issuerOf, PLENTY_BYTES, Remembering } from './support/remembering.js';

/** The verifier that remembers, over keys that are fetched, withdrawn and lost. */
class Rotating {
  readonly t = new TimedWorld();
  private readonly memory = new VerifiedTokenCache(PLENTY_BYTES);
  private readonly verifier = new TokenVerifier(
    this.t.world.issuers,
    this.t.world.keys,
    new ClaimValidator(this.t.clock),
    undefined,
    this.memory,
  );

  /** A token that outlives the test. */
  token({ kid, privateKey }: FakeKey, issuer = 'https://h.example'): string {
    const key = KeyObject.from(privateKey);
    return aToken()
      .from(issuer)
      .for('https://api.corp.example')
      .at(this.t.clock.wallMs() / 1000)
      .with({ exp: Math.floor(this.t.clock.wallMs() / 1000) + 80_000 })
      .header({ alg: 'ES256', kid })
      .signature((input) => signAs('ES256', key, input))
      .build();
  }

  /** What the token meets, waiting as a request would. */
  async verdict(token: string): Promise<string> {
    const waiting = { isOver: false };
    const verify = async () => this.verifier.verify(token);
    const verdict = verify().finally(() => (waiting.isOver = true));
    verdict.catch(() => undefined);
    for (let i = 0; !waiting.isOver && i < 40; i++) await this.t.pass(0.1);
    try {
      const outcome = await verdict;
      return outcome instanceof Rejection ? outcome.code : 'active';
    } catch (error) {
      if (error instanceof KeysUnavailable) return 'unavailable';
      throw error;
    }
  }
}

describe('a remembered token and its key', () => {
  it('D10 I12 is refused as soon as its key is withdrawn', async () => {
    const r = new Rotating();
    const { first } = await r.t.warm();
    const token = r.token(first);
    expect(await r.verdict(token)).toBe('active');
    await r.t.h.publish('second');
    r.t.h.withdraw(first);
    await r.t.pass(340);
    expect(r.t.accepts(first)).toBe(false);
    expect(await r.verdict(token)).toBe('key_unknown');
  });

  it('is active again when its key has come back and proven itself', async () => {
    const r = new Rotating();
    const { first } = await r.t.warm();
    const token = r.token(first);
    expect(await r.verdict(token)).toBe('active');
    await r.t.h.publish('second');
    r.t.h.withdraw(first);
    await r.t.pass(340);
    r.t.h.publishAgain(first);
    await r.t.pass(400);
    expect(r.t.accepts(first)).toBe(true);
    expect(await r.verdict(token)).toBe('active');
  });

  it('is unknown to us, not inactive, when the evidence for its key is too old', async () => {
    const r = new Rotating();
    const { first } = await r.t.warm();
    const token = r.token(first);
    expect(await r.verdict(token)).toBe('active');
    r.t.h.fail('status_5xx');
    await r.t.pass(4 * 3_600 - 60);
    expect(await r.verdict(token)).toBe('active');
    await r.t.pass(400);
    expect(await r.verdict(token)).toBe('unavailable');
  });

  it('is refused after its kid was given to another key', async () => {
    const r = new Rotating();
    const { first } = await r.t.warm();
    const token = r.token(first);
    expect(await r.verdict(token)).toBe('active');
    r.t.h.withdraw(first);
    const impostor = await r.t.h.publish('first');
    await r.t.pass(340);
    expect(await r.verdict(r.token(impostor))).toBe('active');
    expect(await r.verdict(token)).toBe('signature_invalid');
  });

  it('B-10 is not vouched for by the key of another issuer', async () => {
    const r = new Rotating();
    const { first, beside } = await r.t.warm();
    const token = r.token(first);
    expect(await r.verdict(token)).toBe('active');
    expect(await r.verdict(r.token(first, 'https://g.example'))).not.toBe('active');
    expect(await r.verdict(r.token(beside, 'https://g.example'))).toBe('active');
  });

  it('is taken from memory only for the key that signed it, and only for its algorithm', async () => {
    const r = new Remembering();
    const token = await r.remembered();
    const key = importJwk(r.key.jwk, new Set(['ES256'])) as VerificationKey;
    const other = importJwk(aKey('ES256').jwk, new Set(['ES256'])) as VerificationKey;
    const over = async (known: VerificationKey): Promise<string> => {
      const verifier = new TokenVerifier(
        r.issuers,
        new OneKey(known),
        new ClaimValidator(r.clock),
        undefined,
        r.memory,
      );
      const verdict = await verifier.verify(token);
      return verdict instanceof Rejection ? verdict.code : 'active';
    };
    r.register(issuerOf([r.key]));
    // The signature itself cannot be good any more: this can only come from memory.
    expect(await over({ ...key, verifiers: other.verifiers })).toBe('active');
    expect(await over({ ...other, kid: r.key.kid })).toBe('signature_invalid');
    expect(await over({ ...key, verifiers: new Map() })).toBe('key_unknown');
  });
});

/** Has one key for every question. */
class OneKey extends KeyResolver {
  constructor(private readonly key: VerificationKey) {
    super();
  }

  override known(): readonly VerificationKey[] {
    return [this.key];
  }

  override holds(_issuer: Issuer, thumbprint: string): boolean {
    return thumbprint === this.key.thumbprint;
  }

  override find(): Promise<readonly VerificationKey[]> {
    return Promise.resolve([this.key]);
  }
}
