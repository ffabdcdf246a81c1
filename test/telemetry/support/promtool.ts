import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What `promtool` said. */
export interface Verdict {
  readonly accepted: boolean;
  readonly said: string;
}

/** Has Debian's `promtool` check a rule file. */
export function checkRules(file: string): Verdict {
  return promtool('check', 'rules', '--lint-fatal', file);
}

/** Has it check a rule file that is not one yet. */
export function checkRuleText(rules: unknown): Verdict {
  return inFile({ groups: [{ name: 'test', rules }] }, (file) => promtool('check', 'rules', file));
}

/** Has it play a unit test of rules. @param test as Prometheus documents it */
export function testRules(test: unknown): Verdict {
  return inFile(test, (file) => promtool('test', 'rules', file));
}

function inFile(content: unknown, use: (file: string) => Verdict): Verdict {
  const directory = mkdtempSync(join(tmpdir(), 'assay-promtool-'));
  try {
    const file = join(directory, 'file.yaml');
    // JSON is YAML, and quicker to write.
    writeFileSync(file, JSON.stringify(content));
    return use(file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function promtool(...args: readonly string[]): Verdict {
  // It lives for a moment: tidying its memory up takes as long as everything else it does.
  const env = { ...process.env, GOGC: 'off' };
  const { status, stdout, stderr, error } = spawnSync('promtool', args, { encoding: 'utf8', env });
  if (error) throw error;
  return { accepted: status === 0, said: `${stdout}${stderr}` };
}
