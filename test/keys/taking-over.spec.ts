import { describe, expect, it } from 'vitest';
import { headerOf, KeyWorld } from './support/key-world.js';
import { TimedWorld, timedIssuer } from './support/timed-world.js';

/** A second replica over the store of one that is warm. */
function secondReplica(t: TimedWorld): KeyWorld {
  const tools = { clock: t.clock, store: t.store, sourceOf: () => t.h, random: () => 0.5 };
  return new KeyWorld([timedIssuer('h')], tools);
}

describe('a replica that starts', () => {
  it('takes over what the fleet knows, without asking for leave to fetch', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    const [fetches, acquisitions] = [t.h.fetches.length, t.store.acquisitions];
    const second = secondReplica(t);
    second.keys.start();
    await t.clock.advance(10);
    expect(second.keys.known(second.issuers.byId('h')!, headerOf(first))).toHaveLength(1);
    expect(t.h.fetches).toHaveLength(fetches);
    expect(t.store.acquisitions).toBe(acquisitions);
  });

  it('fetches for itself where what the fleet knows is due', async () => {
    const t = new TimedWorld();
    await t.warm();
    t.world.keys.stop();
    await t.clock.advance(10 * 60_000);
    const fetches = t.h.fetches.length;
    const second = secondReplica(t);
    second.keys.start();
    await t.clock.advance(10);
    expect(t.h.fetches).toHaveLength(fetches + 1);
  });
});
