import { describe, expect, it } from 'vitest';
import { headerOf, unknownHeader } from '../keys/support/key-world.js';
import { TimedWorld } from '../keys/support/timed-world.js';

describe('what comes of unknown keys', () => {
  const outcomes = (t: TimedWorld): readonly string[] =>
    t.world.events.all.flatMap((event) => (event.event === 'missed' && event.issuerId === 'h' ? event.outcome : []));
  const kinds = (t: TimedWorld): readonly string[] =>
    t.world.events.all.flatMap((event) => (event.event === 'fetched' && event.issuerId === 'h' ? event.kind : []));

  it('is reported: resolved, absent, limited', async () => {
    const t = new TimedWorld();
    await t.warm();
    await t.pass(60);
    const ask = async (header = unknownHeader()) => {
      const asked = t.world.verdict('h', header);
      await t.pass(3);
      return asked;
    };
    const young = await t.h.publish('young');
    expect(await ask(headerOf(young))).toBe(1);
    await ask();
    await ask();
    await ask();

    expect(outcomes(t).slice(0, 2)).toEqual(['resolved', 'absent']);
    expect(outcomes(t).at(-1)).toBe('limited');
  });

  it('is gated while another request has asked a moment ago, and the fetch is over', async () => {
    const t = new TimedWorld();
    await t.warm();
    await t.pass(60);
    for (let i = 0; i < 2; i++) {
      const asked = t.world.verdict('h', unknownHeader());
      await t.pass(0.3);
      await asked;
    }
    expect(outcomes(t)).toEqual(['absent', 'gated']);
  });

  it('is left to itself while the issuer fails', async () => {
    const t = new TimedWorld();
    await t.warm();
    await t.pass(60);
    t.h.fail('status_5xx');
    for (let i = 0; i < 2; i++) {
      const asked = t.world.verdict('h', unknownHeader());
      await t.pass(1.1);
      await asked;
    }
    expect(outcomes(t).at(-1)).toBe('backoff');
  });

  it('fetches are kept apart: the first one, for a token, for the schedule', async () => {
    const t = new TimedWorld();
    await t.warm();
    await t.pass(60);
    const asked = t.world.verdict('h', unknownHeader());
    await t.pass(3);
    await asked;
    await t.pass(400);
    expect(kinds(t)).toEqual(['cold', 'miss', 'refresh']);
  });

  it('what cannot be known is reported, too', async () => {
    const t = new TimedWorld();
    t.h.fail('connect');
    const asked = t.world.verdict('h', unknownHeader());
    await t.pass(4);
    expect(await asked).toBe('unavailable');
    expect(t.world.events.all).toContainEqual({ event: 'unavailable', issuerId: 'h', reason: 'cold' });
  });
});

describe('keys that are missed', () => {
  const firstThumbprint = (t: TimedWorld): string => t.world.freshness('h').keys[0]!.thumbprint;

  it('are reported when they signed tokens lately', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    const thumbprint = firstThumbprint(t);
    t.world.keys.used(t.world.issuers.byId('h')!, thumbprint);
    await t.h.publish('second');
    t.h.withdraw(first);
    await t.pass(400);
    const missed = t.world.events.all.filter(({ event }) => event === 'removed_in_use');
    expect(missed).toMatchObject([{ issuerId: 'h', thumbprint }]);
  });

  it('are not when they did not, or long ago', async () => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    const thumbprint = firstThumbprint(t);
    t.world.keys.used(t.world.issuers.byId('h')!, thumbprint);
    await t.pass(700);
    await t.h.publish('second');
    t.h.withdraw(first);
    await t.pass(400);
    expect(t.world.events.changes('h')).toContain(`removed ${thumbprint}`);
    expect(t.world.events.all.map(({ event }) => event)).not.toContain('removed_in_use');
  });

  it('are an event of their own when half of them go at once', async () => {
    const t = new TimedWorld();
    await t.warm();
    const others = [await t.h.publish('second'), await t.h.publish('third')];
    await t.pass(400);
    for (const key of others) t.h.withdraw(key);
    await t.pass(400);
    const masses = t.world.events.all.filter(({ event }) => event === 'mass_removal');
    expect(masses).toEqual([{ event: 'mass_removal', issuerId: 'h', removed: 2, left: 1 }]);
  });
});
