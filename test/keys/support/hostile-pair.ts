import { expect } from 'vitest';
import type { Freshness } from '../../../src/issuers/issuer.js';
import type { KeyManagerParts } from '../../../src/keys/compose-keys.js';
import { FakeIssuer, type Behaviour } from '../../fakes/fake-issuer.js';
import { headerOf, issuerAt, KeyWorld, quick, unknownHeader } from './key-world.js';

/** What became of one hostile answer. */
export interface Meeting {
  /** How the fetch that met the answer ended, with good keys in memory. */
  readonly warm: string;
  /** The same, without any keys. */
  readonly cold: string;
  readonly tookMs: number;
  readonly world: KeyWorld;
}

/**
 * A hostile key server H and a healthy issuer G, side by side (the setup of table 2.F). Whatever H does, its last good set
 * stays, a cold replica answers "unavailable", and G does not notice.
 */
export class HostilePair {
  private constructor(
    readonly h: FakeIssuer,
    readonly g: FakeIssuer,
  ) {}

  static async start(): Promise<HostilePair> {
    return new HostilePair(await FakeIssuer.start(), await FakeIssuer.start());
  }

  async stop(): Promise<void> {
    await Promise.all([this.h.stop(), this.g.stop()]);
  }

  world(freshness: Freshness = quick, tools: Partial<KeyManagerParts> = {}): KeyWorld {
    return new KeyWorld([issuerAt(this.h, { freshness }), issuerAt(this.g, { id: 'g', freshness })], tools);
  }

  /** Lets a warm and a cold replica meet the same answer for the key set. */
  async meet(behaviour: Behaviour, tools: Partial<KeyManagerParts> = {}): Promise<Meeting> {
    this.h.recover();
    using warm = this.world(quick, tools);
    await this.expectGood(warm, 'h');
    await this.expectGood(warm, 'g');
    this.h.behaveForKeys(behaviour);
    const startedMs = performance.now();
    const [verdict] = await Promise.all([warm.verdict('h', unknownHeader()), this.expectUndisturbed(warm)]);
    const tookMs = performance.now() - startedMs;
    // Such an answer is no answer: whether the key exists is not known, and the last good set stays (invariants I6 and I17).
    expect(verdict).toBe('undetermined');
    await warm.fetchEnded('h', 2);
    expect(warm.keys.known(warm.issuers.byId('h')!, headerOf(this.h.key))).toHaveLength(1);
    const cold = await this.meetCold(tools);
    return { warm: warm.events.results('h').at(-1)!, cold, tookMs, world: warm };
  }

  private async meetCold(tools: Partial<KeyManagerParts>): Promise<string> {
    using cold = this.world(quick, tools);
    const [verdict] = await Promise.all([cold.verdict('h', headerOf(this.h.key)), this.expectGood(cold, 'g')]);
    expect(verdict).toBe('unavailable');
    await cold.fetchEnded('h', 1);
    return cold.events.results('h').at(-1)!;
  }

  async expectGood(world: KeyWorld, id: 'h' | 'g'): Promise<void> {
    expect(await world.verdict(id, headerOf(this[id].key))).toBe(1);
  }

  /** G answers from memory, at once, and learns new keys, while H's are fetched. */
  private async expectUndisturbed(world: KeyWorld): Promise<void> {
    // A list, and no promise of one: nothing is waited for.
    const requests = this.g.keySetRequests;
    for (let i = 0; i < 100; i++)
      expect(world.keys.known(world.issuers.byId('g')!, headerOf(this.g.key))).toHaveLength(1);
    expect(this.g.keySetRequests).toBe(requests);
    expect(await world.verdict('g', unknownHeader())).toBe(0);
    expect(world.events.results('g').at(-1)).toBe('published');
  }
}
