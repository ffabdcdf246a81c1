import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { RecordingLogger } from '../../test/fakes/recording-logger.js';
import { AuditBatch, BATCH_MS, MOST_WAITING, REPORT_LOSSES_MS, type LostRecords } from './audit-batch.js';
import { AuditFile } from './audit-file.js';

const nowhere = '/nowhere/at/all';
const large = `${'x'.repeat(MOST_WAITING / 4)}\n`;

describe('AuditBatch', () => {
  let folder: string;
  let file: string;
  let written: string[];
  let clock: FakeClock;
  let logger: RecordingLogger;
  let target: AuditFile;
  let batch: AuditBatch;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'assay-batch-'));
    file = join(folder, 'audit.jsonl');
    written = [];
    clock = new FakeClock();
    logger = new RecordingLogger();
    target = new AuditFile({ print: (lines) => written.push(lines), gap: () => 'gap\n' });
    const gap = (kind: keyof LostRecords, count: number): string => `${kind} ${count}\n`;
    batch = new AuditBatch({ file: target, clock, logger, gap });
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const text = (name = file) => readFileSync(name, 'utf8');

  it('writes lines together, a moment later, in their order', async () => {
    batch.add('a\n', 'sample');
    batch.add('b\n', 'evidence');
    await clock.advance(BATCH_MS - 1);
    expect(written).toEqual([]);
    await clock.advance(1);
    expect(written).toEqual(['a\nb\n']);
    expect(clock.timers).toBe(0);
  });

  it('follows a file that is rotated by renaming it', async () => {
    target.path = file;
    batch.add('a\n', 'sample');
    await batch.flush();
    renameSync(file, `${file}.1`);
    batch.add('b\n', 'sample');
    await batch.flush();
    expect([text(`${file}.1`), text()]).toEqual(['a\n', 'b\n']);
  });

  it('loses nothing that comes while it writes', async () => {
    target.path = file;
    batch.add('a\n', 'sample');
    const first = batch.flush();
    batch.add('b\n', 'sample');
    const second = batch.flush();
    batch.add('c\n', 'sample');
    await Promise.all([first, second]);
    await batch.close();
    expect(text()).toBe('a\nb\nc\n');
  });

  it('keeps what it cannot write, says so once, and writes it as soon as it can', async () => {
    target.path = nowhere;
    batch.add('a\n', 'sample');
    await batch.flush();
    batch.add('b\n', 'evidence');
    await batch.flush();
    expect(logger.sentences).toEqual(['audit trail cannot be written; its records wait in memory']);
    target.path = file;
    await batch.flush();
    expect(text()).toBe('a\nb\n');
    target.path = nowhere;
    batch.add('c\n', 'sample');
    await batch.flush();
    expect(logger.sentences).toHaveLength(2);
  });

  it('says in the trail what the disk did not take, once it takes something again', async () => {
    target.path = nowhere;
    for (let i = 0; i < 5; i++) batch.add(large, 'evidence');
    await batch.flush();
    expect([batch.isUnwritable, batch.losses]).toEqual([true, { dropped: 0, unwritten: 2 }]);
    await clock.advance(REPORT_LOSSES_MS);
    target.path = undefined;
    await clock.advance(BATCH_MS);
    await batch.close();
    expect(written.join('')).toBe(`${large.repeat(3)}unwritten 2\n`);
    expect(batch.isUnwritable).toBe(false);
  });

  it('tries again by itself', async () => {
    target.path = nowhere;
    batch.add('a\n', 'sample');
    await batch.flush();
    target.path = undefined;
    await clock.advance(BATCH_MS);
    await expect.poll(() => written).toEqual(['a\n']);
  });

  it('drops samples where there is no more room, counts them, and says so in the trail and in the log', async () => {
    for (let i = 0; i < 6; i++) batch.add(large, 'sample');
    await clock.advance(REPORT_LOSSES_MS);
    expect(written.join('').match(/x\n/g)).toHaveLength(3);
    expect(written.join('')).toContain('dropped 3\n');
    expect(logger.lines).toMatchObject([{ level: 'error', fields: { dropped: 3, unwritten: 0 } }]);
  });

  it('never drops evidence: it makes room for it, without waiting for the moment', async () => {
    for (let i = 0; i < 3; i++) batch.add(large, 'sample');
    batch.add(large, 'evidence');
    expect(written).toEqual([large.repeat(3)]);
    await batch.close();
    expect(written).toEqual([large.repeat(3), large]);
    expect(logger.lines).toEqual([]);
  });

  it('counts at the end what is under way then, however long the disk takes to refuse it', async () => {
    const slow = Promise.withResolvers<never>();
    target.path = nowhere;
    batch.add('a\n', 'evidence');
    await batch.flush();
    target.writeSoon = () => slow.promise;
    const closed = batch.close();
    await clock.advance(2 * BATCH_MS);
    slow.reject(new Error('no space left'));
    await closed;
    expect(logger.lines.at(-1)).toMatchObject({
      sentence: 'audit records of decisions are lost',
      fields: { unwritten: 1 },
    });
    expect(clock.timers).toBe(0);
  });

  it('counts evidence that nobody takes, and says so in the log, not with every line', async () => {
    target.path = nowhere;
    for (let i = 0; i < 5; i++) batch.add(large, 'evidence');
    await clock.advance(BATCH_MS);
    await batch.flush();
    for (let i = 0; i < 5; i++) batch.add(large, 'evidence');
    await clock.advance(BATCH_MS);
    await batch.flush();
    const losses = logger.lines.filter(({ sentence }) => sentence.includes('lost'));
    expect(losses).toMatchObject([{ level: 'error', fields: { unwritten: 2 } }]);
    await batch.close();
    const all = logger.lines.filter(({ sentence }) => sentence.includes('lost'));
    // Ten came; what still waits at the end is lost as well.
    expect(all.reduce((sum, { fields }) => sum + Number(fields['unwritten']), 0)).toBe(10);
  });
});
