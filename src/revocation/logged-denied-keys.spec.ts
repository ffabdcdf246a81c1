import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { MemoryChangeStore } from '../../test/fakes/memory-change-store.js';
import { ChangeLog } from '../changes/change-log.js';
import { POLL_MS, type ChangeKind, type ChangeReading } from '../changes/change-store.js';
import { RecordMac } from '../redis/record-mac.js';
import { LoggedDeniedKeys } from './logged-denied-keys.js';

const mac = new RecordMac('https://assay.example', [{ id: 'k1', secret: 'a-record-key-for-tests-0123456789' }]);
/** How often a short list is read from its beginning, in milliseconds. */
const REREAD_MS = 30_000;

/** A store that goes away, and on whose answer to a poll something else may be waiting. */
class WatchedStore extends MemoryChangeStore {
  isAway = false;
  beforeAnswer: (() => Promise<void>) | undefined;

  override async read(after: Readonly<Record<ChangeKind, number>>): Promise<ChangeReading> {
    const { beforeAnswer } = this;
    this.beforeAnswer = undefined;
    await beforeAnswer?.();
    if (this.isAway) throw new Error('away');
    return super.read(after);
  }
}

describe('LoggedDeniedKeys', () => {
  let clock: FakeClock;
  let store: WatchedStore;

  beforeEach(() => {
    clock = new FakeClock();
    store = new WatchedStore(() => clock.wallMs());
  });

  const start = async (): Promise<LoggedDeniedKeys> => {
    const log = new ChangeLog({ store, mac, clock, random: () => 0, onRefused: () => undefined });
    const keys = new LoggedDeniedKeys({ log, clock });
    await log.start();
    return keys;
  };
  const deny = (keys: LoggedDeniedKeys, thumbprint: string): Promise<boolean> => {
    const what = { issuerId: 'corp', thumbprint, verdict: 'denied', reason: 'leaked', by: 'operator' } as const;
    return keys.record({ ...what, atMs: clock.wallMs() });
  };
  const known = (keys: LoggedDeniedKeys): readonly string[] => keys.list().map(({ thumbprint }) => thumbprint);

  it('does not take a decision for a replaced one that was read twice: before its turn, and in it', async () => {
    const keys = await start();
    await deny(keys, 'one');
    await clock.advance(REREAD_MS - POLL_MS);
    // An operator asks just while the list is read from its beginning.
    for (let polls = 0; polls < 3; polls++) {
      store.beforeAnswer = () => keys.readLatest();
      await clock.advance(POLL_MS);
    }
    await clock.advance(POLL_MS);
    expect(known(await start())).toEqual(['one']);
  });

  it('goes by what the answer says that shows a loss while all is read, also where nothing can be read afterwards', async () => {
    const [keys, elsewhere] = [await start(), await start()];
    const before = store.snapshot();
    await deny(keys, 'lost');
    await clock.advance(REREAD_MS - POLL_MS);
    store.restore(before);
    clock.stepWall(-REREAD_MS);
    await deny(elsewhere, 'after the failover');
    const read = store.read.bind(store);
    store.read = async (after) => {
      const answer = await read(after);
      store.isAway = true;
      return answer;
    };
    await clock.advance(POLL_MS);
    expect(known(keys)).toContain('after the failover');
  });
});
