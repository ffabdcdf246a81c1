import { KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../src/callers/caller.js';
import { ClaimValidator } from '../../src/claims/claim-validator.js';
import { Introspector } from '../../src/introspection/introspector.js';
import { KeysUnavailable } from '../../src/keys/key-resolver.js';
import type { Algorithm } from '../../src/tokens/algorithms.js';
import { TokenVerifier } from '../../src/verification/token-verifier.js';
import { UnavailableBudget, type UndeterminedOutcome } from '../../src/verification/unavailable-budget.js';
import { usualAudience } from '../builders/claim-terms.js';
import { aToken } from '../builders/a-token.js';
import { signAs } from '../builders/sign.js';
import type { FakeKey } from '../fakes/fake-issuer.js';
import { TimedWorld } from '../keys/support/timed-world.js';

const second = 1_000;

function aCaller(id: string, differences: Partial<Caller> = {}): Caller {
  return { id, issuers: new Set(['h']), audiences: new Set([usualAudience]), claims: 'any', ...differences };
}

const [orders, billing] = [aCaller('orders'), aCaller('billing')];

/** What a caller is told, with the seconds of `Retry-After`. */
type Told = 'active' | 'inactive' | number;

/** Introspection over an issuer whose troubles the test decides. Time is the test's. */
class OutageWorld extends TimedWorld {
  readonly outcomes: UndeterminedOutcome[] = [];
  private readonly introspector: Introspector;

  constructor() {
    super();
    const { clock } = this;
    const report = (_caller: string, _issuer: string, outcome: UndeterminedOutcome): void => {
      this.outcomes.push(outcome);
    };
    const budget = new UnavailableBudget({ clock, report });
    const { issuers, keys } = this.world;
    const claims = new ClaimValidator(clock);
    const verifier = new TokenVerifier(issuers, keys, claims, undefined, undefined, undefined, budget);
    this.introspector = new Introspector(verifier);
  }

  tokenOf({ kid, alg, privateKey }: FakeKey): string {
    return this.unsigned()
      .header({ alg, kid })
      .signature((input) => signAs(alg as Algorithm, KeyObject.from(privateKey), input))
      .build();
  }

  /** Made up by somebody who has no key at all. */
  forged(kid: string): string {
    return this.unsigned()
      .header({ alg: 'ES256', kid })
      .signature(() => Buffer.alloc(64, 1))
      .build();
  }

  async ask(token: string, caller: Caller): Promise<Told> {
    try {
      return (await this.introspector.introspect(token, caller)).active ? 'active' : 'inactive';
    } catch (error) {
      if (error instanceof KeysUnavailable) return error.retryAfterSeconds;
      throw error;
    }
  }

  /** The same, with time passing while the request waits. */
  async askWaiting(token: string, caller: Caller): Promise<Told> {
    const waiting = { isOver: false };
    const told = this.ask(token, caller).finally(() => (waiting.isOver = true));
    for (let i = 0; !waiting.isOver && i < 40; i++) await this.pass(0.1);
    return told;
  }

  private unsigned() {
    return aToken()
      .from('https://h.example')
      .for(usualAudience)
      .at(this.clock.wallMs() / second);
  }
}

/** The issuer has been away for some minutes, and will be back with a new key. */
async function duringOutage(): Promise<{ readonly t: OutageWorld; readonly next: FakeKey; readonly first: FakeKey }> {
  const t = new OutageWorld();
  const { first } = await t.warm();
  t.h.fail('connect');
  const next = await t.h.publish('next');
  await t.pass(600);
  return { t, next, first };
}

describe('an issuer that comes back with new keys after an outage', () => {
  it('I17 F4 gives 503 to a good token until it is active, within 12 s of the return', async () => {
    const { t, next, first } = await duringOutage();
    for (let i = 0; i < 60; i++) {
      expect(await t.ask(t.tokenOf(first), orders)).toBe('active');
      expect(await t.askWaiting(t.tokenOf(next), orders)).toBeGreaterThanOrEqual(1);
      await t.pass(0.9);
    }
    t.h.recover();
    const backMs = t.clock.monoMs();
    const told: Told[] = [];
    while (told.at(-1) !== 'active' && t.clock.monoMs() - backMs < 60 * second) {
      told.push(await t.askWaiting(t.tokenOf(next), orders));
      await t.pass(0.9);
    }

    expect(t.clock.monoMs() - backMs).toBeLessThanOrEqual(12 * second);
    expect(told).not.toContain('inactive');
  });

  it('I17 says when to come back: then the issuer is asked again, and not before', async () => {
    const { t, next } = await duringOutage();
    await t.askWaiting(t.tokenOf(next), orders);
    await t.pass(1.1);
    const before = t.h.fetches.length;
    const retryAfterSeconds = (await t.ask(t.tokenOf(next), orders)) as number;
    t.h.recover();

    expect(retryAfterSeconds).toBeGreaterThan(2);
    expect(retryAfterSeconds).toBeLessThanOrEqual(10);
    await t.pass(retryAfterSeconds - 1.1);
    expect(await t.askWaiting(t.tokenOf(next), orders)).toBeLessThanOrEqual(2);
    expect(t.h.fetches.length).toBe(before);
    await t.pass(1.1);
    expect(await t.askWaiting(t.tokenOf(next), orders)).toBe('active');
  });

  it('I17 F4 honours what the issuer asks for, and passes it on', async () => {
    const t = new OutageWorld();
    await t.warm();
    t.h.fail('rate_limited', 90 * second);
    await t.pass(300);
    const next = await t.h.publish('next');
    const told = await t.askWaiting(t.tokenOf(next), orders);
    const before = t.h.fetches.length;
    await t.pass(20);

    expect(told).toBeGreaterThan(10);
    expect(await t.askWaiting(t.tokenOf(next), orders)).toBeGreaterThan(10);
    expect(t.h.fetches.length).toBe(before);
  });

  it('I17 gives 10^4 forged tokens no more 503s than the budget has, and other callers their own', async () => {
    const { t, next } = await duringOutage();
    const told: Told[] = [];
    const before = t.h.fetches.length;
    const seconds = 50;
    for (let i = 0; i < seconds; i++) {
      const asked = Array.from({ length: 200 }, (_, j) => t.ask(t.forged(`made-up-${i}-${j}`), orders));
      // Nobody waits for long: those who do wait for the one fetch.
      await t.pass(1);
      told.push(...(await Promise.all(asked)));
      expect(await t.askWaiting(t.tokenOf(next), billing)).toBeGreaterThanOrEqual(1);
    }
    t.h.recover();
    const backMs = t.clock.monoMs();
    while ((await t.askWaiting(t.tokenOf(next), billing)) !== 'active') {
      void t.ask(t.forged('made-up'), orders);
      await t.pass(0.9);
      expect(t.clock.monoMs() - backMs).toBeLessThan(60 * second);
    }

    const unavailable = told.filter((one) => typeof one === 'number').length;
    expect(told).toHaveLength(10_000);
    expect(told).not.toContain('active');
    expect(unavailable).toBeGreaterThanOrEqual(20);
    // Half a minute more: time passed while the other caller waited.
    expect(unavailable).toBeLessThanOrEqual(20 + 5 * (seconds * 1.5));
    expect(t.outcomes.filter((outcome) => outcome === 'inactive').length).toBe(10_000 - unavailable);
    expect(t.clock.monoMs() - backMs).toBeLessThanOrEqual(12 * second);
    expect(t.h.fetches.length - before).toBeLessThanOrEqual((seconds * 1.5) / 10 + 3);
  });

  it('I17 F-16 answers inactive while the issuer answers and the budget for unknown keys is spent', async () => {
    const t = new OutageWorld();
    await t.warm();
    for (let i = 0; i < 60; i++) {
      expect(await t.askWaiting(t.forged(`made-up-${i}`), orders)).toBe('inactive');
    }
    expect(t.outcomes).toEqual([]);
  });

  it.each([
    ['the issuer', aCaller('stranger', { issuers: new Set(['g']) })],
    ['the audience', aCaller('stranger', { audiences: new Set(['https://other.example']) })],
  ])(
    'gives a caller without the grant of %s neither a 503 nor a fetch, with keys or without',
    async (_what, stranger) => {
      const { t } = await duringOutage();
      await t.pass(60);
      const cold = new OutageWorld();
      for (const world of [t, cold]) {
        const before = [world.store.acquisitions, world.h.fetches.length];
        const told = await Promise.all(
          Array.from({ length: 1_000 }, (_, i) => world.ask(world.forged(`m-${i}`), stranger)),
        );

        expect(new Set(told)).toEqual(new Set(['inactive']));
        expect([world.store.acquisitions, world.h.fetches.length]).toEqual(before);
      }
    },
  );

  it('gives a token that could not pass anyway neither a 503 nor a fetch', async () => {
    const { t } = await duringOutage();
    await t.pass(60);
    const before = [t.store.acquisitions, t.h.fetches.length];
    const now = t.clock.wallMs() / second;
    const usual = aToken().from('https://h.example').for(usualAudience).at(now);
    const hopeless = [
      aToken().from('https://h.example').for(usualAudience).expiredAt(now),
      aToken().from('https://h.example').for('https://other.example').at(now),
      usual.with({ token_use: 'id' }),
      usual.with({ cnf: { jkt: 'no digest' } }),
    ];
    for (const token of hopeless) {
      const forged = token.header({ alg: 'ES256', kid: 'made-up' }).signature(() => Buffer.alloc(64, 1));
      expect(await t.ask(forged.build(), orders)).toBe('inactive');
    }
    expect([t.store.acquisitions, t.h.fetches.length]).toEqual(before);
    expect(t.outcomes).toEqual([]);
  });
});
