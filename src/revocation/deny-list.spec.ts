import { beforeEach, describe, expect, it } from 'vitest';
import { anIssuer } from '../../test/builders/an-issuer.js';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { RecordingAudit } from '../../test/fakes/recording-audit.js';
import { POLL_MS, ReadStore, SharedStore } from '../../test/fakes/shared-denied-keys.js';
import { DenyList } from './deny-list.js';
import { DenialsUnknown } from './key-denials.js';

const thumbprint = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';
const key = { issuerId: 'corp', thumbprint };
const corp = anIssuer();

describe('DenyList', () => {
  let clock: FakeClock;
  let store: SharedStore;
  let audit: RecordingAudit;
  let here: DenyList;
  let there: DenyList;

  beforeEach(async () => {
    clock = new FakeClock();
    store = new SharedStore(clock);
    audit = new RecordingAudit();
    here = new DenyList({ store: new ReadStore(store, clock), clock, audit });
    there = new DenyList({ store: new ReadStore(store, clock), clock, audit: new RecordingAudit() });
    await here.start();
    await there.start();
  });

  const deny = (more: { untilMs?: number } = {}) => here.deny({ ...key, reason: 'stolen', by: 'ops', ...more });
  const allow = (list = here) => list.allow({ ...key, reason: 'found', by: 'ops' });

  it('denies nothing at first', () => {
    expect(here.isDenied(corp, thumbprint)).toBe(false);
  });

  it('refuses here at once, and elsewhere with the next poll', async () => {
    const denied = deny();
    expect(here.isDenied(corp, thumbprint)).toBe(true);
    expect(await denied).toBe(true);
    expect(there.isDenied(corp, thumbprint)).toBe(false);
    await clock.advance(POLL_MS);
    expect(there.isDenied(corp, thumbprint)).toBe(true);
  });

  it('denies that key of that issuer, and nothing else', async () => {
    await deny();
    expect(here.isDenied(anIssuer({ id: 'shop' }), thumbprint)).toBe(false);
    expect(here.isDenied(corp, 'A'.repeat(43))).toBe(false);
  });

  it('asks nobody on the hot path', async () => {
    await deny();
    const before = store.questions;
    for (let i = 0; i < 1_000; i++) here.isDenied(corp, thumbprint);
    expect(store.questions).toBe(before);
  });

  it('a denial of the configuration holds without a store', () => {
    store.isAway = true;
    expect(here.isDenied(anIssuer({ deniedKeys: new Set([thumbprint]) }), thumbprint)).toBe(true);
  });

  it('ends a denial when its time is over', async () => {
    await deny({ untilMs: clock.wallMs() + 60_000 });
    await clock.advance(59_999);
    expect([here, there].map((list) => list.isDenied(corp, thumbprint))).toEqual([true, true]);
    await clock.advance(1);
    expect([here, there].map((list) => list.isDenied(corp, thumbprint))).toEqual([false, false]);
  });

  it('allows again, everywhere', async () => {
    await deny();
    await clock.advance(POLL_MS);
    expect(await allow(there)).toBe(true);
    expect(there.isDenied(corp, thumbprint)).toBe(false);
    await clock.advance(POLL_MS);
    expect(here.isDenied(corp, thumbprint)).toBe(false);
    expect(await allow()).toBe(false);
  });

  it('denies again what was allowed, also with a clock that was set back', async () => {
    await deny();
    await allow();
    clock.stepWall(-3_600_000);
    await deny();
    await clock.advance(POLL_MS);
    expect(there.isDenied(corp, thumbprint)).toBe(true);
  });

  describe('while the store is away', () => {
    it('keeps what was denied', async () => {
      await deny();
      await clock.advance(POLL_MS);
      store.isAway = true;
      await clock.advance(3_600_000);
      expect([here, there].map((list) => list.isDenied(corp, thumbprint))).toEqual([true, true]);
    });

    it('denies here, says that it was not shared, and shares it when the store is back', async () => {
      store.isAway = true;
      expect(await deny()).toBe(false);
      expect(here.isDenied(corp, thumbprint)).toBe(true);
      store.isAway = false;
      await clock.advance(2 * POLL_MS);
      expect(there.isDenied(corp, thumbprint)).toBe(true);
    });

    it('allows nothing', async () => {
      await deny();
      store.isAway = true;
      await expect(allow()).rejects.toThrow('away');
      expect(here.isDenied(corp, thumbprint)).toBe(true);
    });
  });

  describe('when the store has lost everything', () => {
    it('brings denials back', async () => {
      await deny();
      store.lose();
      await clock.advance(POLL_MS);
      expect(store.held.list()).toMatchObject([{ ...key, verdict: 'denied', by: 'ops' }]);
    });

    it('brings an older denial not back against a later decision to allow', async () => {
      await deny();
      await clock.advance(POLL_MS);
      there.stop();
      await allow();
      store.lose();
      await clock.advance(POLL_MS);
      await there.start();
      await clock.advance(POLL_MS);
      expect([here, there].map((list) => list.isDenied(corp, thumbprint))).toEqual([false, false]);
    });
  });

  it('writes down what comes into force', async () => {
    await deny({ untilMs: clock.wallMs() + 60_000 });
    await allow();
    const common = { issuer: 'corp', thumbprint, by: 'ops' };
    expect(audit.records).toEqual([
      { action: 'key_denied', fields: { ...common, reason: 'stolen', until: '2026-11-21T12:01:00.000Z' } },
      { action: 'key_allowed', fields: { ...common, reason: 'found' } },
    ]);
  });

  describe('before the store was ever read', () => {
    let late: DenyList;
    let blind: number;

    beforeEach(async () => {
      blind = 0;
      store.isAway = true;
      late = new DenyList({ store: new ReadStore(store, clock), clock, audit, onBlindVerdict: () => blind++ });
      await late.start();
    });

    it('is not ready, and counts what it judges all the same', async () => {
      expect([late.knowledge.isReady, late.isDenied(corp, thumbprint), blind]).toEqual([false, false, 1]);
      store.isAway = false;
      await clock.advance(POLL_MS);
      expect([late.knowledge.isReady, late.isDenied(corp, thumbprint), blind]).toEqual([true, false, 1]);
    });

    it('judges nothing where that was asked for', () => {
      late.knowledge.rules = { ...late.knowledge.rules, onUnknown: 'refuse' };
      expect(() => late.isDenied(corp, thumbprint)).toThrow(DenialsUnknown);
    });

    it('is ready where that was asked for', () => {
      late.knowledge.rules = { onUnknown: 'accept', coldStart: 0, maxStaleness: 3_600_000 };
      expect([late.knowledge.isReady, late.isDenied(corp, thumbprint), blind]).toEqual([true, false, 1]);
    });
  });

  it('follows nothing any more when it has stopped', async () => {
    there.stop();
    await deny();
    await clock.advance(POLL_MS);
    expect(there.isDenied(corp, thumbprint)).toBe(false);
  });
});
