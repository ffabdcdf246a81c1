import { beforeEach, describe, expect, it } from 'vitest';
import { ChangeLog } from '../../src/changes/change-log.js';
import { RecordMac, type RecordKey } from '../../src/redis/record-mac.js';
import { LoggedDeniedKeys } from '../../src/revocation/logged-denied-keys.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { MemoryChangeStore } from '../fakes/memory-change-store.js';
import { testEnvironment, testRecordKey } from '../redis/a-redis-key-store.js';
import { aDecision, deniedKeysConformance, listed } from './denied-keys.js';

const HOUR_MS = 3_600_000;
const younger = { id: 'k2', secret: 'a-younger-record-key-9876543210-abcdef' };

describe('LoggedDeniedKeys', () => {
  let clock: FakeClock;
  let store: MemoryChangeStore;

  beforeEach(() => {
    clock = new FakeClock();
    store = new MemoryChangeStore(() => clock.wallMs());
  });

  function replica(keys: readonly RecordKey[] = [testRecordKey]): { keys: LoggedDeniedKeys; log: ChangeLog } {
    const mac = new RecordMac(testEnvironment, keys);
    const log = new ChangeLog({ store, mac, clock, onRefused: () => undefined });
    return { keys: new LoggedDeniedKeys({ log, clock }), log };
  }

  const entries = async (): Promise<number> =>
    (await store.read({ keys: 0, denials: 0, revocations: 0 })).pages.denials.entries.length;

  deniedKeysConformance(() => Promise.resolve({ store: replica().keys, other: replica().keys, clock }));

  it('replaces what it supersedes, so that the log does not grow', async () => {
    const one = replica();
    for (let n = 0; n < 10; n++) {
      const verdict = n % 2 === 0 ? 'denied' : 'allowed';
      await one.keys.record(aDecision({ verdict, atMs: aDecision().atMs + n }));
    }
    expect(await entries()).toBe(1);
  });

  it('clears away what two replicas have decided at once, and what ended more than a day ago', async () => {
    const [one, other] = [replica(), replica()];
    await one.keys.record(aDecision());
    await other.keys.record(aDecision({ atMs: aDecision().atMs + 1 }));
    await one.keys.record(aDecision({ issuerId: 'shop', untilMs: clock.wallMs() + HOUR_MS }));
    expect(await entries()).toBe(3);
    await one.log.read();
    expect(await entries()).toBe(2);
    await clock.advance(26 * HOUR_MS);
    await one.log.read();
    expect(await entries()).toBe(1);
  });

  it('seals again what an older key sealed, so that nothing is lost when that key goes', async () => {
    await replica().keys.record(aDecision());
    await replica([younger, testRecordKey]).log.read();
    await clock.advance(0);
    expect(await listed(replica([younger]).keys)).toEqual([aDecision()]);
  });

  it('takes no text for a decision that is none', async () => {
    const mac = new RecordMac(testEnvironment, [testRecordKey]);
    const log = new ChangeLog({ store, mac, clock, onRefused: () => undefined });
    for (const text of ['', '{}', 'null', '{"issuerId":"corp","thumbprint":"x","verdict":"maybe"}']) {
      await log.append('denials', text, []);
    }
    const one = replica();
    await one.keys.record(aDecision());
    expect(await listed(replica().keys)).toEqual([aDecision()]);
  });
});
