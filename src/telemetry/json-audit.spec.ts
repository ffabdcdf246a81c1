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
});
