import { beforeEach, describe, expect, it } from 'vitest';
import type { Issuer } from '../../src/issuers/issuer.js';
import { idOf, type Revocation } from '../../src/revocation/tokens/revocation.js';
import { refuseWhereFull, RevocationsFull } from '../../src/revocation/tokens/revocations-full.js';
import { TakenPlaces } from '../../src/revocation/tokens/taken-places.js';
import { KnownRevocations } from '../../src/revocation/tokens/known-revocations.js';
import { issuerOf, Remembering } from '../verification/support/remembering.js';

const mad = { by: 'signal:mad', reason: 'session-revoked' };

describe('a provider that revokes without end', () => {
  let world: Remembering;
  let corp: Issuer;
  let shop: Issuer;
  let count = 0;

  beforeEach(() => {
    world = new Remembering();
    corp = world.issuers.byId('corp')!;
    shop = issuerOf([world.key], { id: 'shop', issuer: 'https://shop.example' });
    world.register(corp, shop);
  });

  const revoke = async (issuer: Issuer, by = 'ops'): Promise<Revocation> => {
    const order = { issuer, scope: { issuer: issuer.id }, by };
    return (await world.revoke('subject', `user ${count++}`, order)).decision;
  };
  /** Until it is refused. @returns what was revoked */
  const flood = async (issuer: Issuer, by = mad.by): Promise<Revocation[]> => {
    const made: Revocation[] = [];
    for (;;) {
      try {
        made.push(await revoke(issuer, by));
      } catch (error) {
        expect(error).toBeInstanceOf(RevocationsFull);
        return made;
      }
    }
  };

  it('takes its share of the cut-offs and the common half: the share of another issuer and the tenth of operators stay', async () => {
    expect(await flood(corp)).toHaveLength(4_500 + 9_000);
    expect(await flood(shop, 'signal:shop')).toHaveLength(4_500);
    expect(await flood(corp, 'ops')).toHaveLength(2_000);
  }, 60_000);

  it('gets no more when an operator takes back what it did, until that has ended', async () => {
    const made = await flood(corp);
    for (const decision of made) await world.revocations.allow(corp, idOf(decision), { by: 'ops', reason: 'mad' });
    expect(await flood(corp)).toHaveLength(0);
    await revoke(shop, 'signal:shop');
    await revoke(corp);
  }, 60_000);

  it('leaves a tenth of the quota of its issuer to operators', async () => {
    world.register({ ...corp, revocation: { ...corp.revocation, quota: 20 } }, shop);
    const few = world.issuers.byId('corp')!;
    expect(await flood(few, 'caller:orders-api')).toHaveLength(18);
    expect(await flood(few, 'ops')).toHaveLength(2);
    await revoke(shop, 'signal:shop');
  });

  it('leaves room for others among the tokens and sessions of all as well', () => {
    const places = new TakenPlaces();
    for (let i = 0; i < 675_000; i++) places.add('corp', 'session', 1);
    const { counts } = new KnownRevocations();
    const known = { size: 675_000, cutOffCount: 0, counts, places } as unknown as KnownRevocations;
    const registrations = () => new Set(['corp', 'shop']);
    const ask = (issuer: Issuer, isOperator: boolean) => () => {
      refuseWhereFull(known, { issuer, kind: 'session', isOperator, registrations });
    };
    expect(ask(corp, false)).toThrow(RevocationsFull);
    expect(ask(shop, false)).not.toThrow();
    expect(ask(corp, true)).not.toThrow();
  });

  it.each([
    ['a million decisions', { size: 1_000_000, cutOffCount: 0 }, 'session'],
    ['20,000 cut-offs', { size: 20_000, cutOffCount: 20_000 }, 'subject'],
  ] as const)('REV-16 finds no place beyond %s, not even as an operator', (_what, full, kind) => {
    const known = new KnownRevocations();
    const registrations = () => new Set(['corp', 'shop']);
    const ask = (taken: { readonly size: number; readonly cutOffCount: number }) => () => {
      const list = { ...taken, counts: known.counts, places: known.places } as unknown as KnownRevocations;
      refuseWhereFull(list, { issuer: corp, kind, isOperator: true, registrations });
    };
    expect(ask(full)).toThrow(RevocationsFull);
    expect(ask({ size: full.size - 1, cutOffCount: Math.max(0, full.cutOffCount - 1) })).not.toThrow();
  });

  it('has its places again when its decisions have ended', () => {
    const known = new KnownRevocations();
    const digest = Buffer.alloc(16, 1);
    const decision = { issuerId: 'corp', before: 5, verdict: 'revoked', at: 5, until: 10, digest } as const;
    known.adopt({ ...decision, kind: 'subject', note: mad });
    known.adopt({ ...decision, kind: 'session', before: 0 });
    known.adopt({ ...decision, kind: 'session', before: 0, verdict: 'allowed', at: 6 });
    expect(known.places.of('corp')).toEqual({ all: 2, cutOffs: 1 });
    for (let turn = 0; turn < 1_024; turn++) known.sweep(11);
    expect([known.places.of('corp'), known.size]).toEqual([{ all: 0, cutOffs: 0 }, 0]);
  });
});
