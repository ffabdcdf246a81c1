import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JsonAudit } from '../../src/telemetry/json-audit.js';
import { Directory } from '../config/support/directory.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { RecordingLogger } from '../fakes/recording-logger.js';
import { runAssay } from './support/run-assay.js';

const keys = {
  HASH_KEY: 'audit-key-Xk2vR9sLq4Wn7TzB1cYp6MdJ8hFg3E',
  FORMER: 'former-key-Qw8eR2tY6uI4oP1aS9dF3gH7jK5lZ',
};
const subject = 'anna-canary-7Hq2';

describe('assay audit find', () => {
  let directory: Directory;
  let trail: string;

  beforeEach(async () => {
    directory = await Directory.create();
    trail = directory.at('audit.jsonl');
    await configure({ subHash: true, activeSampleRatio: 1 });
  });

  afterEach(async () => {
    await directory.remove();
  });

  async function configure(audit: object): Promise<void> {
    const keysOf = { jwksUri: 'https://login.corp.example/jwks' };
    const issuer = { id: 'corp', issuer: 'https://login.corp.example', keys: keysOf, algorithms: ['ES256'] };
    const caller = { id: 'orders', secrets: ['${env:HASH_KEY}'], issuers: 'any', audiences: 'any', claims: 'any' };
    await directory.configure({
      issuers: [{ ...issuer, audiences: ['a'] }],
      callers: [caller],
      telemetry: { audit: { file: trail, hashKey: '${env:HASH_KEY}', ...audit } },
    });
  }

  /** Decisions about these subjects, an hour apart, written by the program's own audit trail. */
  function write(hashKey: string, subjects: readonly string[], from = '2026-11-24T08:00:00Z'): void {
    subjects.forEach((each, i) => {
      const audit = new JsonAudit(new FakeClock(Date.parse(from) + i * 3_600_000), new RecordingLogger());
      audit.configure({ enabled: true, file: trail, activeSampleRatio: 1, hashKey, subHash: true });
      audit.record('decision', {
        door: 'introspect',
        caller: 'orders',
        verdict: 'active',
        issuer: i % 2 === 0 ? 'corp' : 'shop',
        thumbprint: `thumbprint-${i}`,
        subHash: audit.hashOfSubject(each),
      });
    });
  }

  const find = (...args: readonly string[]) =>
    runAssay(['audit', 'find', '--config', directory.file, ...args], { environment: keys, input: subject });

  it('finds which key signed for the subject, when and for whom; of others nothing, and no subject is printed', async () => {
    write(keys.HASH_KEY, [subject, 'bert', subject]);
    const { code, stdout, stderr } = await find('--subject', subject);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n')).toEqual([
      '  2026-11-24T08:00:00.000Z  introspect  orders  corp  thumbprint-0  active',
      '  2026-11-24T10:00:00.000Z  introspect  orders  corp  thumbprint-2  active',
    ]);
    expect(await find('--subject', '-')).toMatchObject({ code: 0, stdout });
    expect(stdout).not.toContain('canary');
  });

  it('within a period, of one issuer, as lines of the trail', async () => {
    write(keys.HASH_KEY, [subject, subject, subject, subject]);
    write(keys.HASH_KEY, [subject], '2026-11-25T00:00:00Z');
    const { stdout } = await find(
      '--subject',
      subject,
      '--from',
      '2026-11-24T09:00:00Z',
      '--to',
      '2026-11-24',
      '--json',
    );
    const times = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly time: string }).time.slice(11, 13));
    expect(times).toEqual(['09', '10', '11']);
    const shop = await find('--subject', subject, '--issuer', 'shop', '--json');
    expect(shop.stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(await find('--subject', subject, '--to', '2026-11-23')).toMatchObject({ code: 1, stdout: '' });
  });

  it('with a key from before its change', async () => {
    write(keys.FORMER, [subject]);
    write(keys.HASH_KEY, [subject], '2026-11-25T08:00:00Z');
    const former = await directory.write('former.key', `${keys.FORMER}\n`);
    expect((await find('--subject', subject)).stdout.trimEnd().split('\n')).toHaveLength(1);
    const { stdout } = await find('--subject', subject, '--former-key-file', former);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
  });

  it('says what may be missing, and does not stumble over a torn line', async () => {
    await configure({ subHash: false, activeSampleRatio: 0.01 });
    write(keys.HASH_KEY, [subject]);
    const hash = (await find('--subject', subject, '--json')).stdout;
    await directory.write('torn.jsonl', `${hash.slice(0, -20)}\n${hash}`);
    const { code, stdout, stderr } = await find('--subject', subject, directory.at('torn.jsonl'));
    expect([code, stdout.trimEnd().split('\n').length]).toEqual([0, 1]);
    expect(stderr).toContain('subHash is false');
    expect(stderr).toContain('only a sample is there');
  });

  it.each([
    [[], '--subject is needed'],
    [['--subject', 'x', '--from', 'yesterday'], '--from: expected a day'],
    [['--subject', 'x', '--to', '2026-11-24T08:00:00'], 'a time with its zone'],
    [['--subject', 'x', '/nonexistent/trail'], 'the file cannot be read (ENOENT)'],
  ])('a wrong call is a sentence, and 64: %j', async (args, sentence) => {
    const { code, stderr } = await find(...args);
    expect(code).toBe(64);
    expect(stderr).toContain(sentence);
  });

  it('needs a key that others can compute with', async () => {
    await configure({ subHash: true, hashKey: undefined });
    const { code, stderr } = await find('--subject', 'x');
    expect(code).toBe(78);
    expect(stderr).toContain('telemetry.audit.subHash:');
  });
});
