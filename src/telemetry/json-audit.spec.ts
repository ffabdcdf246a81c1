import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { RecordingLogger } from '../../test/fakes/recording-logger.js';
import { JsonAudit } from './json-audit.js';

function auditing(): { lines: string[]; logger: RecordingLogger; audit: JsonAudit } {
  const lines: string[] = [];
  const logger = new RecordingLogger();
  return { lines, logger, audit: new JsonAudit(new FakeClock(), logger, { print: (line) => lines.push(line) }) };
}

describe('JsonAudit', () => {
  it('writes one JSON object a line', () => {
    const { lines, audit } = auditing();
    audit.record('key_added', { issuer: 'corp', thumbprint: 'x' });
    expect(lines).toEqual([
      '{"time":"2026-11-21T12:00:00.000Z","stream":"audit","action":"key_added","issuer":"corp","thumbprint":"x"}\n',
    ]);
  });

  it('INV-01 masks', () => {
    const { lines, audit } = auditing();
    audit.record('admin_deny', { reason: 'leaked as Bearer s3cr3t-opaque', secret: 's3cr3t' });
    expect(lines.join('')).not.toContain('s3cr3t');
  });

  it('names subjects only where that is asked for, under a key that ids of tokens do not have', () => {
    const { audit } = auditing();
    const settings = { enabled: true, activeSampleRatio: 0, hashKey: 'audit-key-Xk2vR9sLq4Wn7TzB1cYp6MdJ8hFg3E' };
    audit.configure(settings);
    expect(audit.hashOfSubject('anna')).toBeUndefined();
    audit.configure({ ...settings, subHash: true });
    const derived = createHmac('sha256', settings.hashKey).update('assay audit subject').digest();
    expect(audit.hashOfSubject('anna')).toBe(createHmac('sha256', derived).update('anna').digest('hex'));
    expect(audit.hashOfSubject('anna')).not.toBe(audit.hashOf('anna'));
  });

  it('can be switched off and on', () => {
    const { lines, audit } = auditing();
    audit.configure({ enabled: false, activeSampleRatio: 0 });
    audit.record('key_added', {});
    audit.configure({ enabled: true, activeSampleRatio: 0 });
    audit.record('key_removed', {});
    expect(lines).toHaveLength(1);
  });

  it('appends to a file that only its owner reads, and follows its rotation', () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-audit-'));
    const file = join(folder, 'audit.jsonl');
    const { lines, audit } = auditing();
    audit.configure({ enabled: true, activeSampleRatio: 0, file });
    audit.record('key_added', {});
    audit.record('key_removed', {});
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);
    expect(statSync(file).mode & 0o077).toBe(0);
    rmSync(file);
    audit.record('key_removed', {});
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1);
    expect(lines).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it('tells the log what it could not write, and why', () => {
    const { logger, audit } = auditing();
    audit.configure({ enabled: true, activeSampleRatio: 0, file: '/nowhere/at/all' });
    audit.record('key_removed', { issuer: 'corp' });
    expect(logger.lines).toMatchObject([{ level: 'error', fields: { action: 'key_removed', issuer: 'corp' } }]);
  });

  it('says what waits for a disk, and what is lost in the end', async () => {
    const { audit } = auditing();
    expect(audit.state).toEqual({ dropped: 0, unwritten: 0, isUnwritable: false });
    audit.configure({ enabled: true, activeSampleRatio: 0, file: '/nowhere/at/all' });
    audit.recordSoon('decision', {}, 'evidence');
    await audit.close();
    expect(audit.state).toEqual({ dropped: 0, unwritten: 1, isUnwritable: true });
  });

  it('writes decisions together, and what is left when it is closed', async () => {
    const { lines, audit } = auditing();
    audit.recordSoon('decision', { caller: 'orders-api', token: 's3cr3t' }, 'evidence');
    expect(lines).toEqual([]);
    await audit.close();
    expect(lines).toEqual([
      '{"time":"2026-11-21T12:00:00.000Z","stream":"audit","action":"decision","caller":"orders-api","token":"***"}\n',
    ]);
  });

  it('takes the share of active verdicts that is asked for, and none where it is switched off', () => {
    let next = 0;
    const audit = new JsonAudit(new FakeClock(), new RecordingLogger(), { random: () => (next++ % 100) / 100 });
    const taken = (enabled: boolean, activeSampleRatio: number): number => {
      audit.configure({ enabled, activeSampleRatio });
      return Array.from({ length: 100 }, () => audit.takesSample()).filter(Boolean).length;
    };
    expect([taken(true, 0), taken(true, 0.01), taken(true, 0.25), taken(true, 1)]).toEqual([0, 1, 25, 100]);
    expect(taken(false, 1)).toBe(0);
  });

  it('names things by HMAC-SHA-256 with the configured key, or with one that only this process knows', () => {
    const hashKey = 'audit-key-Xk2vR9sLq4Wn7TzB1cYp6MdJ8hFg3E';
    const [one, other] = [auditing().audit, auditing().audit];
    expect(one.hashOf('id')).toMatch(/^[0-9a-f]{64}$/);
    expect(one.hashOf('id')).toBe(one.hashOf('id'));
    expect(one.hashOf('id')).not.toBe(other.hashOf('id'));
    for (const audit of [one, other]) audit.configure({ enabled: true, activeSampleRatio: 0, hashKey });
    expect(one.hashOf('id')).toBe(createHmac('sha256', hashKey).update('id').digest('hex'));
    expect(one.hashOf('id')).toBe(other.hashOf('id'));
  });
});
