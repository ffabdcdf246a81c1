import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { RecordingLogger } from '../../test/fakes/recording-logger.js';
import { BATCH_MS } from './audit-batch.js';
import { JsonAudit } from './json-audit.js';
import { MOST_UNREAD_BYTES, printBounded } from './standard-output.js';

/** Standard output that somebody reads only when told to. */
class Pipe {
  readonly taken: string[] = [];
  writableLength = 0;

  write(text: string): boolean {
    this.taken.push(text);
    this.writableLength += Buffer.byteLength(text);
    return true;
  }

  read(): void {
    this.writableLength = 0;
  }
}

describe('printBounded', () => {
  it('takes no more while nobody reads, so that memory is bounded', () => {
    const pipe = new Pipe();
    const line = `${'x'.repeat(9_999)}\n`;
    const accepted = Array.from({ length: 1_000 }, () => printBounded(line, pipe as never)).filter(Boolean).length;
    expect(pipe.writableLength).toBe(accepted * 10_000);
    expect(pipe.writableLength).toBeLessThanOrEqual(MOST_UNREAD_BYTES + 10_000);
    pipe.read();
    expect(printBounded(line, pipe as never)).toBe(true);
  });

  it('lets the audit trail keep evidence, count what it drops, and say so when somebody reads again', async () => {
    const [pipe, clock, logger] = [new Pipe(), new FakeClock(), new RecordingLogger()];
    const audit = new JsonAudit(clock, logger, { print: (lines) => printBounded(lines, pipe) });
    const flood = async (): Promise<void> => {
      for (let i = 0; i < 20_000; i++) audit.recordSoon('decision', { reason: 'x'.repeat(200) }, 'sample');
      await clock.advance(BATCH_MS);
    };
    for (let i = 0; i < 4; i++) await flood();
    expect(audit.state.isUnwritable).toBe(true);
    expect(audit.state.dropped).toBeGreaterThan(10_000);
    // One batch may be on the way when the limit is passed.
    expect(pipe.writableLength).toBeLessThan(4 * MOST_UNREAD_BYTES);
    pipe.read();
    await clock.advance(BATCH_MS);
    audit.recordSoon('key_added', {}, 'evidence');
    await clock.advance(60_000);
    await audit.close();
    const actions = pipe.taken.flatMap((lines) => lines.match(/"action":"(?!decision")\w+/g) ?? []);
    expect(actions).toEqual(['"action":"decisions_dropped', '"action":"key_added']);
    expect(audit.state.isUnwritable).toBe(false);
  });
});
