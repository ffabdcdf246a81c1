import { describe, expect, it } from 'vitest';
import { RecordingAudit } from '../../../test/fakes/recording-audit.js';
import { AuditedKeyEvents } from './audited-key-events.js';
import { KeyEvents, type KeyEvent } from './key-events.js';

class Heard extends KeyEvents {
  readonly all: KeyEvent[] = [];

  override report(event: KeyEvent): void {
    this.all.push(event);
  }
}

function written(...events: readonly KeyEvent[]): readonly unknown[] {
  const audit = new RecordingAudit();
  const next = new Heard();
  const audited = new AuditedKeyEvents(audit, next);
  for (const event of events) audited.report(event);
  expect(next.all).toEqual(events);
  return audit.records.map(({ action, fields }) => ({ action, ...fields }));
}

const issuerId = 'corp';

describe('AuditedKeyEvents', () => {
  it.each(['added', 'retiring', 'stayed', 'removed', 'returning', 'returned', 'kid_reused'] as const)(
    'writes down that a key was %s',
    (change) => {
      const seen = { firstSeenAtMs: 1_795_262_400_000, lastSeenAtMs: 1_795_262_460_000 };
      const digests = { digestBefore: 'b', digestAfter: 'a' };
      expect(written({ event: 'key', issuerId, change, thumbprint: 'x', ...seen, ...digests })).toEqual([
        {
          action: `key_${change}`,
          issuer: issuerId,
          thumbprint: 'x',
          firstSeen: '2026-11-21T12:00:00.000Z',
          lastSeen: '2026-11-21T12:01:00.000Z',
          ...digests,
        },
      ]);
    },
  );

  it('writes down where a key set has moved', () => {
    expect(written({ event: 'key_set_moved', issuerId, from: 'a', to: 'b' })).toEqual([
      { action: 'key_set_moved', issuer: issuerId, from: 'a', to: 'b' },
    ]);
  });

  it('writes down that a shared record is not believed', () => {
    expect(written({ event: 'record_refused', issuerId, reason: 'forged' })).toMatchObject([{ reason: 'forged' }]);
  });

  it('writes down secret keys that an issuer publishes, once for each number of them', () => {
    const dropped = (count: number) => ({ event: 'dropped', issuerId, reason: 'private_material', count }) as const;
    expect(written(dropped(1), dropped(1), dropped(2))).toMatchObject([
      { action: 'secret_key_published', count: 1 },
      { action: 'secret_key_published', count: 2 },
    ]);
  });

  it('leaves everyday events to the log', () => {
    expect(
      written(
        { event: 'fetched', issuerId, kind: 'refresh', result: 'published', tookMs: 1 },
        { event: 'dropped', issuerId, reason: 'duplicate' as never, count: 1 },
        { event: 'autonomous', entered: true, replicas: 3 },
        { event: 'clocks_apart', skewMs: 9 },
      ),
    ).toEqual([]);
  });
});
