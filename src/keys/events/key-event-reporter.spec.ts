import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import { RecordingAudit } from '../../../test/fakes/recording-audit.js';
import { RecordingLogger } from '../../../test/fakes/recording-logger.js';
import { Metrics } from '../../telemetry/metrics/metrics.js';
import { KeyEventReporter } from './key-event-reporter.js';
import type { KeyEvent } from './key-events.js';

const issuerId = 'corp';
const about = { issuerId };

/** Every event whose meaning is in the metrics alone. */
const onlyMeasured: readonly KeyEvent[] = [
  { event: 'missed', ...about, outcome: 'gated' },
  { event: 'unavailable', ...about, reason: 'cold' },
  { event: 'shed', ...about },
  { event: 'adopted', ...about, afterMs: 1 },
  { event: 'committed', ...about, verdict: 'OK' },
];

describe('KeyEventReporter', () => {
  let logger: RecordingLogger;
  let audit: RecordingAudit;
  let reporter: KeyEventReporter;
  let clock: FakeClock;

  beforeEach(() => {
    logger = new RecordingLogger();
    audit = new RecordingAudit();
    clock = new FakeClock();
    reporter = new KeyEventReporter({ logger, audit, metrics: new Metrics(), clock }, '');
  });

  function logged(...events: readonly KeyEvent[]): readonly unknown[] {
    for (const event of events) reporter.report(event);
    return logger.lines.map(({ level, fields, sentence }) => [level, fields, sentence]);
  }

  function audited(...events: readonly KeyEvent[]): readonly unknown[] {
    for (const event of events) reporter.report(event);
    return audit.records.map(({ action, fields }) => ({ action, ...fields }));
  }

  describe('log', () => {
    it('is quiet about a refresh that went well, and warns of one that did not', () => {
      const lines = logged(
        { event: 'fetched', issuerId, kind: 'refresh', result: 'unchanged', tookMs: 12 },
        { event: 'fetched', issuerId, kind: 'refresh', result: 'published', tookMs: 12 },
        { event: 'fetched', issuerId, kind: 'miss', result: 'timeout', tookMs: 3_000 },
      );

      expect(lines).toEqual([
        ['debug', { issuer: 'corp', kind: 'refresh', result: 'unchanged', tookMs: 12 }, 'JWKS refreshed'],
        ['debug', { issuer: 'corp', kind: 'refresh', result: 'published', tookMs: 12 }, 'JWKS refreshed'],
        ['warn', { issuer: 'corp', kind: 'miss', result: 'timeout', tookMs: 3_000 }, 'JWKS refresh failed'],
      ]);
    });

    it('names keys by thumbprint', () => {
      const seen = { firstSeenAtMs: 0, lastSeenAtMs: 0, digestAfter: 'd' };

      expect(logged({ event: 'key', issuerId, change: 'removed', thumbprint: 'NzbLsX', ...seen })).toEqual([
        ['info', { issuer: 'corp', change: 'removed', thumbprint: 'NzbLsX' }, 'key of an issuer changed'],
      ]);
    });

    it('F-07 raises an alarm for published secrets', () => {
      logged(
        { event: 'dropped', issuerId, reason: 'private_material', count: 1 },
        { event: 'dropped', issuerId, reason: 'kty_unsupported', count: 1 },
      );

      expect(logger.lines.map(({ level }) => level)).toEqual(['error', 'info']);
    });

    it('names an issuer as every other line and the audit trail do, and never repeats the name of the event', () => {
      const lines = logged(
        { event: 'key_set_moved', issuerId, from: 'https://a.example', to: 'https://b.example' },
        { event: 'record_refused', issuerId, reason: 'forged' },
        { event: 'dropped', issuerId, reason: 'use_not_sig', count: 1 },
        { event: 'removed_in_use', issuerId, thumbprint: 't', usedAgoMs: 5 },
        { event: 'mass_removal', issuerId, removed: 3, left: 1 },
      );

      expect(lines.map((line) => (line as unknown[]).slice(0, 2))).toEqual([
        ['warn', { issuer: 'corp', from: 'https://a.example', to: 'https://b.example' }],
        ['error', { issuer: 'corp', reason: 'forged' }],
        ['info', { issuer: 'corp', reason: 'use_not_sig', count: 1 }],
        ['warn', { issuer: 'corp', thumbprint: 't', usedAgoMs: 5 }],
        ['warn', { issuer: 'corp', removed: 3, left: 1 }],
      ]);
    });

    it('says when the shared store is away, when it is back, and when its clock is wrong', () => {
      const lines = logged(
        { event: 'autonomous', entered: true, replicas: 3 },
        { event: 'autonomous', entered: false, replicas: 3 },
        { event: 'clocks_apart', entered: true, skewMs: 9_000 },
        { event: 'clocks_apart', entered: false, skewMs: 9 },
        { event: 'permits_withheld', issuerId: 'corp', verdict: 'BUSY', waitedMs: 308_000 },
      );

      expect(lines.map((line) => (line as unknown[]).slice(0, 2))).toEqual([
        ['warn', { entered: true, replicas: 3 }],
        ['info', { entered: false, replicas: 3 }],
        ['error', { entered: true, skewMs: 9_000 }],
        ['info', { entered: false, skewMs: 9 }],
        ['warn', { issuer: 'corp', verdict: 'BUSY', waitedMs: 308_000 }],
      ]);
    });

    it('repeats itself only when something changed', () => {
      for (const count of [2, 2, 2, 3]) reporter.report({ event: 'dropped', issuerId, reason: 'use_not_sig', count });
      reporter.report({ event: 'dropped', issuerId: 'other', reason: 'use_not_sig', count: 2 });

      expect(logger.lines).toHaveLength(3);
    });

    it('says nothing of what happens with every request or every record', () => {
      expect(logged(...onlyMeasured)).toEqual([]);
    });
  });

  describe('audit trail', () => {
    it.each(['added', 'retiring', 'stayed', 'removed', 'returning', 'returned', 'kid_reused'] as const)(
      'has that a key was %s',
      (change) => {
        const seen = { firstSeenAtMs: 1_795_262_400_000, lastSeenAtMs: 1_795_262_460_000 };
        const digests = { digestBefore: 'b', digestAfter: 'a' };
        expect(audited({ event: 'key', issuerId, change, thumbprint: 'x', ...seen, ...digests })).toEqual([
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

    it('has where a key set has moved', () => {
      expect(audited({ event: 'key_set_moved', issuerId, from: 'a', to: 'b' })).toEqual([
        { action: 'key_set_moved', issuer: issuerId, from: 'a', to: 'b' },
      ]);
    });

    it('has that a shared record is not believed', () => {
      expect(audited({ event: 'record_refused', issuerId, reason: 'forged' })).toEqual([
        { action: 'record_refused', issuer: issuerId, reason: 'forged' },
      ]);
    });

    it('has secret keys that an issuer publishes, once for each number of them', () => {
      const dropped = (count: number) => ({ event: 'dropped', issuerId, reason: 'private_material', count }) as const;
      expect(audited(dropped(1), dropped(1), dropped(2))).toEqual([
        { action: 'secret_key_published', issuer: issuerId, reason: 'private_material', count: 1 },
        { action: 'secret_key_published', issuer: issuerId, reason: 'private_material', count: 2 },
      ]);
    });

    it('has that fetches began to fail, and that they succeed again, once each', () => {
      const fetched = (result: 'timeout' | 'unchanged') =>
        ({
          event: 'fetched',
          issuerId,
          kind: 'refresh',
          result,
          tookMs: 1,
          host: 'idp.example',
          stage: 'connect',
        }) as const;
      expect(audited(fetched('unchanged'), fetched('timeout'), fetched('timeout'), fetched('unchanged'))).toEqual([
        { action: 'issuer_failing', issuer: issuerId, category: 'timeout', host: 'idp.example', stage: 'connect' },
        { action: 'issuer_recovered', issuer: issuerId },
      ]);
    });

    it('believes keys of another replica that an issuer answers again only where it was asked after it failed here', async () => {
      const actions = () => audit.actions;
      reporter.report({ event: 'fetched', issuerId, kind: 'refresh', result: 'timeout', tookMs: 1 });
      await clock.advance(10_000);
      reporter.report({ event: 'adopted', issuerId, afterMs: 60_000 });
      expect(actions()).toEqual(['issuer_failing']);
      reporter.report({ event: 'adopted', issuerId, afterMs: 5_000 });
      expect(actions()).toEqual(['issuer_failing', 'issuer_recovered']);
    });

    it('leaves everyday events to the log and the metrics', () => {
      expect(
        audited(
          { event: 'fetched', issuerId, kind: 'refresh', result: 'published', tookMs: 1 },
          { event: 'dropped', issuerId, reason: 'use_not_sig', count: 1 },
          { event: 'removed_in_use', issuerId, thumbprint: 't', usedAgoMs: 5 },
          { event: 'mass_removal', issuerId, removed: 3, left: 1 },
          { event: 'autonomous', entered: true, replicas: 3 },
          { event: 'clocks_apart', entered: true, skewMs: 9 },
          ...onlyMeasured,
        ),
      ).toEqual([]);
    });
  });
});
