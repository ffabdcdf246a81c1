import { describe, expect, it } from 'vitest';
import { sweepTurns } from '../../src/revocation/tokens/digest-table.js';
import { KnownRevocations } from '../../src/revocation/tokens/known-revocations.js';
import { idOf, type Revocation } from '../../src/revocation/tokens/revocation.js';
import { Remembering } from '../verification/support/remembering.js';

const digest = Buffer.alloc(16, 7);
const note = { by: 'ops', reason: 'stolen' };
const about: readonly Pick<Revocation, 'kind' | 'before' | 'note'>[] = [
  { kind: 'session', before: 0 },
  { kind: 'subject', before: 5, note },
];

describe.each(about)('several decisions about one $kind', (one) => {
  const decision = (verdict: Revocation['verdict'], at: number, until: number): Revocation => ({
    issuerId: 'corp',
    digest,
    ...one,
    verdict,
    at,
    until,
  });
  const unread = (known: KnownRevocations) =>
    [...Array(sweepTurns).keys()]
      .flatMap((turn) => known.unread(turn, 1))
      .map(({ verdict, at, until }) => [verdict, at, until]);

  it('what the log lacks is missed although the log has an older decision about the same', () => {
    const known = new KnownRevocations();
    known.adopt(decision('revoked', 10, 99));
    known.beginReading();
    known.adopt(decision('allowed', 5, 99));
    expect(unread(known)).toEqual([['revoked', 10, 99]]);
    known.adopt(decision('revoked', 10, 99));
    expect(unread(known)).toEqual([]);
  });

  it('a later revocation with an earlier end does not end the longer one, in whatever order they come', () => {
    const [long, short] = [decision('revoked', 5, 99), decision('revoked', 10, 20)];
    for (const order of [
      [long, short],
      [short, long],
    ]) {
      const known = new KnownRevocations();
      for (const each of order) known.adopt(each);
      expect(known.get(long)).toMatchObject({ verdict: 'revoked', at: 10, until: 99 });
      expect([known.size, known.counts.totalOf('corp'), known.places.of('corp').all]).toEqual([1, 1, 1]);
    }
  });
});

it('what takes a revocation back outlives others about the same that are not known here yet', async () => {
  const world = new Remembering();
  const corp = world.issuers.byId('corp')!;
  const soon = Math.floor(world.clock.wallMs() / 1_000) + 60;
  const { decision: short } = await world.revoke('session', 's1', { untilSeconds: soon });
  const { decision: usual } = await world.revoke('session', 's2');
  const lift = await world.revocations.allow(corp, idOf(short), note);
  expect([short.until, lift?.until]).toEqual([soon, usual.until]);
  const { decision: again } = await world.revoke('session', 's1', { untilSeconds: soon });
  expect(again.until).toBe(usual.until);
});
