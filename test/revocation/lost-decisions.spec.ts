import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ChangeLog } from '../../src/changes/change-log.js';
import { POLL_MS } from '../../src/changes/change-store.js';
import { RecordMac } from '../../src/redis/record-mac.js';
import { DenyList } from '../../src/revocation/deny-list.js';
import { LoggedDeniedKeys } from '../../src/revocation/logged-denied-keys.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { MemoryChangeStore } from '../fakes/memory-change-store.js';
import { RecordingAudit } from '../fakes/recording-audit.js';
import { testEnvironment, testRecordKey } from '../redis/a-redis-key-store.js';

const [kept, lost] = ['A'.repeat(43), 'B'.repeat(43)];

describe('a decision that the log has lost, while others still stand there', () => {
  let clock: FakeClock;
  let store: MemoryChangeStore;
  let here: DenyList;

  async function replica(): Promise<DenyList> {
    const mac = new RecordMac(testEnvironment, [testRecordKey]);
    const log = new ChangeLog({ store, mac, clock, random: () => 0, onRefused: () => undefined });
    const list = new DenyList({ store: new LoggedDeniedKeys({ log, clock }), clock, audit: new RecordingAudit() });
    await list.start();
    await log.start();
    return list;
  }

  const deny = (thumbprint: string) => here.deny({ issuerId: 'corp', thumbprint, reason: 'stolen', by: 'ops' });
  const stored = (): readonly string[] => [...(store.snapshot().lists.get('denials')?.keys() ?? [])];

  beforeEach(async () => {
    clock = new FakeClock();
    store = new MemoryChangeStore(() => clock.wallMs());
    here = await replica();
    await replica();
    await deny(kept);
    await clock.advance(POLL_MS);
  });

  it('comes back with the next poll after a failover', async () => {
    const before = store.snapshot();
    await deny(lost);
    await clock.advance(POLL_MS);
    store.restore(before);
    await clock.advance(POLL_MS);
    expect(stored()).toEqual([expect.stringContaining(kept), expect.stringContaining(lost)]);
  });

  it('comes back with the next poll where nobody had read it before the failover', async () => {
    const before = store.snapshot();
    await deny(lost);
    store.restore(before);
    await clock.advance(POLL_MS);
    expect(stored()).toEqual([expect.stringContaining(kept), expect.stringContaining(lost)]);
  });

  it('is appended once in ten seconds at most, where a read replica is always behind', async () => {
    const [read, append] = [vi.spyOn(store, 'read'), vi.spyOn(store, 'append')];
    const behind = await store.read({ keys: 0, denials: 0, revocations: 0 });
    read.mockImplementation(() => Promise.resolve(behind));
    await deny(lost);
    await clock.advance(60_000);
    expect(append.mock.calls.length).toBeLessThanOrEqual(1 + 6);
  });

  it('comes back within 30 s where somebody has deleted it', async () => {
    await deny(lost);
    await clock.advance(POLL_MS);
    await store.remove('denials', [Buffer.from(stored()[1]!)]);
    await clock.advance(30_000);
    expect(stored()).toEqual([expect.stringContaining(kept), expect.stringContaining(lost)]);
  });
});
