import { beforeEach, describe, expect, it, vi } from 'vitest';
import { anIssuer } from '../../test/builders/an-issuer.js';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { RecordingAudit } from '../../test/fakes/recording-audit.js';
import { POLL_MS, ReadStore, SharedStore } from '../../test/fakes/shared-denied-keys.js';
import { DenyList } from './deny-list.js';

const thumbprint = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';
const key = { issuerId: 'corp', thumbprint };
const corp = anIssuer();

describe('a denial that the store does not have yet, where the clock of the other replica is an hour ahead', () => {
  let clock: FakeClock;
  let store: SharedStore;
  let audit: RecordingAudit;
  let here: DenyList;
  let ahead: FakeClock;
  let other: DenyList;

  beforeEach(async () => {
    clock = new FakeClock();
    store = new SharedStore(clock);
    audit = new RecordingAudit();
    here = new DenyList({ store: new ReadStore(store, clock), clock, audit });
    await here.start();
    ahead = new FakeClock();
    ahead.stepWall(3_600_000);
    other = new DenyList({ store: new ReadStore(store, ahead), clock: ahead, audit: new RecordingAudit() });
    await other.start();
  });

  const deny = (more: { untilMs?: number } = {}) => here.deny({ ...key, reason: 'stolen', by: 'ops', ...more });
  const allow = (list: DenyList) => list.allow({ ...key, reason: 'found', by: 'ops' });
  const pass = (ms: number) => Promise.all([clock.advance(ms), ahead.advance(ms)]);
  const everywhere = () => [here, other].map((list) => list.isDenied(corp, thumbprint));

  it('a denial holds against an allowance that was made there since the last poll', async () => {
    await deny();
    await pass(POLL_MS);
    await allow(other);
    expect(await deny()).toBe(true);
    await pass(POLL_MS);
    expect(everywhere()).toEqual([true, true]);
    expect(audit.records.map(({ action }) => action)).toEqual(['key_denied', 'key_denied']);
  });

  it('a denial with an end holds against a denial from there that never ends, and was made before', async () => {
    await other.deny({ ...key, reason: 'leaked', by: 'ops' });
    await deny({ untilMs: clock.wallMs() + 7_200_000 });
    expect(here.denialOf('corp', thumbprint)).toMatchObject({ reason: 'stolen' });
    await pass(POLL_MS);
    expect(other.denialOf('corp', thumbprint)).toMatchObject({ reason: 'stolen' });
  });

  it('a denial that could not be shared holds against what was allowed there meanwhile', async () => {
    await other.deny({ ...key, reason: 'leaked', by: 'ops' });
    store.isAway = true;
    expect(await deny()).toBe(false);
    store.isAway = false;
    await allow(other);
    await pass(2 * POLL_MS);
    expect(everywhere()).toEqual([true, true]);
  });

  it('a denial that could not be shared takes nothing from a stricter one', async () => {
    store.isAway = true;
    await deny({ untilMs: clock.wallMs() + 3_660_000 });
    store.isAway = false;
    await other.deny({ ...key, reason: 'leaked', by: 'ops' });
    await pass(3_700_000);
    expect(everywhere()).toEqual([true, true]);
  });

  it('a denial that was shared is taken back there', async () => {
    await deny();
    await allow(other);
    await pass(POLL_MS);
    expect(everywhere()).toEqual([false, false]);
  });

  it('a denial holds against an allowance that is made there while it is written', async () => {
    await deny();
    await pass(POLL_MS);
    const record = store.held.record.bind(store.held);
    vi.spyOn(store.held, 'record').mockImplementationOnce(async (decision) => {
      await allow(other);
      return record(decision);
    });
    expect(await deny()).toBe(true);
    await pass(POLL_MS);
    expect(everywhere()).toEqual([true, true]);
  });
});
