import { defaultFreshness } from '../../../src/issuers/freshness.config.js';
import type { Freshness, Issuer } from '../../../src/issuers/issuer.js';
import { FETCH_DEADLINE_MS } from '../../../src/keys/key-timing.js';
import { MemoryKeyStore } from '../../../src/keys/store/memory-key-store.js';
import type { FakeKey } from '../../fakes/fake-issuer.js';
import { FakeClock } from '../../fakes/fake-clock.js';
import { FakeKeySource } from '../../fakes/fake-key-source.js';
import { anIssuer } from '../../builders/an-issuer.js';
import { headerOf, KeyWorld } from './key-world.js';

/** An issuer whose keys come from a fake source of the same id. */
export function timedIssuer(id: string, freshness: Partial<Freshness> = {}, differences: Partial<Issuer> = {}): Issuer {
  return anIssuer({
    id,
    issuer: `https://${id}.example`,
    keys: { kind: 'jwksUri', url: `https://${id}.example/jwks` },
    freshness: { ...defaultFreshness, ...freshness },
    keySourceFingerprint: `source of ${id}`,
    ...differences,
  });
}

/** Counts what a store shared by a fleet would be asked. */
class CountingKeyStore extends MemoryKeyStore {
  acquisitions = 0;

  constructor(clock: FakeClock) {
    super(clock, () => 0.5);
  }

  override acquire(...request: Parameters<MemoryKeyStore['acquire']>): ReturnType<MemoryKeyStore['acquire']> {
    this.acquisitions++;
    return super.acquire(...request);
  }
}

/** A started key manager on a clock that the test moves. `h` is the issuer that misbehaves, `g` the one beside it. */
export class TimedWorld {
  readonly clock = new FakeClock();
  readonly h = new FakeKeySource(this.clock);
  readonly g = new FakeKeySource(this.clock);
  readonly store = new CountingKeyStore(this.clock);
  readonly world: KeyWorld;

  constructor(
    freshness: Partial<Freshness> = {},
    issuers = [timedIssuer('h', freshness), timedIssuer('g', freshness)],
  ) {
    this.world = new KeyWorld(issuers, {
      clock: this.clock,
      store: this.store,
      sourceOf: (issuer) => (issuer().id === 'g' ? this.g : this.h),
      fetchDeadlineMs: FETCH_DEADLINE_MS,
      random: () => 0.5,
    });
  }

  /** Starts, with one key each, waits until both issuers are known, and for as long as the spacing asks. */
  async warm(): Promise<{ readonly first: FakeKey; readonly beside: FakeKey }> {
    const first = await this.h.publish('first');
    const beside = await this.g.publish('beside');
    this.start();
    await this.pass(2.1);
    return { first, beside };
  }

  start(): void {
    this.world.keys.start();
  }

  /** Moves the clock on in steps, and lets the fetches that fall due end where they began: cryptography takes real time. */
  async pass(seconds: number): Promise<void> {
    const stepMs = seconds > 1_000 ? 5_000 : 250;
    for (let leftMs = seconds * 1_000; leftMs > 0; leftMs -= stepMs) {
      await this.clock.advance(Math.min(leftMs, stepMs));
      while (!this.areFetchesOver) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Whether tokens of `key` are verified from memory now; `unavailable`: no key set may be trusted. */
  accepts(key: FakeKey, id = 'h'): boolean | 'unavailable' {
    const known = this.world.keys.known(this.world.issuers.byId(id)!, headerOf(key));
    return known ? known.length > 0 : 'unavailable';
  }

  /** What a token signed with `key` meets, waiting as a request would. */
  async meets(
    key: Pick<FakeKey, 'kid' | 'alg'>,
    id = 'h',
    longestS = 3,
  ): Promise<number | 'unavailable' | 'undetermined'> {
    const waiting = { isOver: false };
    const verdict = this.world.verdict(id, headerOf(key)).finally(() => (waiting.isOver = true));
    for (let waitedS = 0; !waiting.isOver && waitedS < longestS; waitedS += 0.1) await this.pass(0.1);
    return verdict;
  }

  private get areFetchesOver(): boolean {
    const { events } = this.world;
    return events.results('h').length >= this.h.answers && events.results('g').length >= this.g.answers;
  }
}
