import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const tool = pathToFileURL(join(import.meta.dirname, '..', '..', 'tools', 'test-report.mjs')).href;

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly remarks: readonly string[];
}

describe('the count at the end of npm test', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'assay-report-'));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  function count(...files: readonly { name: string; status: string; tests: readonly string[] }[]): Count {
    const testResults = files.map(({ name, status, tests }) => ({
      name,
      status,
      assertionResults: tests.map((each, i) => ({ status: each, fullName: `${name} ${i}` })),
    }));
    const report = join(directory, 'report.json');
    writeFileSync(report, JSON.stringify({ testResults }));
    const script = `import { countTests } from '${tool}'; console.log(JSON.stringify(countTests('${report}')))`;
    return JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }),
    ) as Count;
  }

  it('adds up the tests of all files', () => {
    const good = { name: 'a', status: 'passed', tests: ['passed', 'passed'] };
    const bad = { name: 'b', status: 'failed', tests: ['passed', 'failed'] };
    expect(count(good, bad)).toEqual({ passed: 3, failed: 1, remarks: [] });
  });

  it('counts a file that could not be loaded as failed, and names it', () => {
    expect(count({ name: 'broken', status: 'failed', tests: [] })).toEqual({
      passed: 0,
      failed: 1,
      remarks: ['failed outside of its tests: broken'],
    });
  });

  it('counts a test that did not run as failed, and names it', () => {
    expect(count({ name: 'a', status: 'passed', tests: ['passed', 'skipped', 'todo'] })).toEqual({
      passed: 1,
      failed: 2,
      remarks: ['did not run: a 1', 'did not run: a 2'],
    });
  });
});
