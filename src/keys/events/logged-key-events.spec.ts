import { beforeEach, describe, expect, it } from 'vitest';
import { Logger, type LogFields } from '../../telemetry/logger.js';
import { LoggedKeyEvents } from './logged-key-events.js';

type Line = readonly [level: string, fields: LogFields, sentence: string];

class RecordedLogger extends Logger {
  readonly lines: Line[] = [];

  override debug(fields: LogFields, sentence: string): void {
    this.lines.push(['debug', fields, sentence]);
  }

  override info(fields: LogFields, sentence: string): void {
    this.lines.push(['info', fields, sentence]);
  }

  override warn(fields: LogFields, sentence: string): void {
    this.lines.push(['warn', fields, sentence]);
  }

  override error(fields: LogFields, sentence: string): void {
    this.lines.push(['error', fields, sentence]);
  }
}

describe('LoggedKeyEvents', () => {
  let logger: RecordedLogger;
  let events: LoggedKeyEvents;

  beforeEach(() => {
    logger = new RecordedLogger();
    events = new LoggedKeyEvents(logger);
  });

  it('says quietly that a fetch went well, and aloud that it did not', () => {
    events.report({ event: 'fetched', issuerId: 'corp', kind: 'refresh', result: 'unchanged', tookMs: 12 });
    events.report({ event: 'fetched', issuerId: 'corp', kind: 'miss', result: 'timeout', tookMs: 3_000 });

    expect(logger.lines).toEqual([
      ['debug', { issuer: 'corp', kind: 'refresh', result: 'unchanged', tookMs: 12 }, 'JWKS refreshed'],
      ['warn', { issuer: 'corp', kind: 'miss', result: 'timeout', tookMs: 3_000 }, 'JWKS refresh failed'],
    ]);
  });

  it('names keys by thumbprint', () => {
    const seen = { firstSeenAtMs: 0, lastSeenAtMs: 0, digestAfter: 'd' };
    events.report({ event: 'key', issuerId: 'corp', change: 'removed', thumbprint: 'NzbLsX', ...seen });

    expect(logger.lines).toEqual([
      ['info', { issuer: 'corp', change: 'removed', thumbprint: 'NzbLsX' }, 'key of an issuer changed'],
    ]);
  });

  it('F-07 raises an alarm for published secrets', () => {
    events.report({ event: 'dropped', issuerId: 'corp', reason: 'private_material', count: 1 });
    events.report({ event: 'dropped', issuerId: 'corp', reason: 'kty_unsupported', count: 1 });

    expect(logger.lines.map(([level]) => level)).toEqual(['error', 'info']);
  });

  it('calls an issuer what every other line and the audit trail call it', () => {
    events.report({ event: 'key_set_moved', issuerId: 'corp', from: 'https://a.example', to: 'https://b.example' });
    events.report({ event: 'record_refused', issuerId: 'corp', reason: 'forged' });
    events.report({ event: 'dropped', issuerId: 'corp', reason: 'use_not_sig', count: 1 });

    for (const [, fields] of logger.lines) {
      expect(fields).toMatchObject({ issuer: 'corp' });
      expect(fields).not.toHaveProperty('issuerId');
    }
  });

  it('repeats itself only when something changed', () => {
    for (const count of [2, 2, 2, 3])
      events.report({ event: 'dropped', issuerId: 'corp', reason: 'use_not_sig', count });
    events.report({ event: 'dropped', issuerId: 'other', reason: 'use_not_sig', count: 2 });

    expect(logger.lines).toHaveLength(3);
  });
});
