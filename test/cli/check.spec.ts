import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environment } from '../config/support/a-configuration.js';
import { Directory } from '../config/support/directory.js';
import { withMistake } from '../config/support/mistake.js';
import { mistakes } from '../config/support/wrong-configurations.js';
import { runAssay } from './support/run-assay.js';

describe('assay check, of a wrong configuration', () => {
  let directory: Directory;

  beforeAll(async () => {
    directory = await Directory.create();
  });

  afterAll(async () => {
    await directory.remove();
  });

  it('is tried with more than 25 mistakes', () => {
    expect(mistakes.length).toBeGreaterThan(25);
  });

  it.each(mistakes)('$name: one line that says the place and what should stand there', async (mistake) => {
    await directory.configure(withMistake(mistake));
    const { code, stdout, stderr } = await runAssay(['check', directory.file], { environment });
    expect([code, stdout]).toEqual([78, '']);
    const [headline, , line = '', ...more] = stderr.trimEnd().split('\n');
    expect(headline).toBe(`${directory.file}: one problem in the configuration`);
    expect(line).toMatch(new RegExp(`^ {2}${directory.file}:\\d+ {2}\\S.*: +found .+, expected .+`));
    expect(line).toContain(`  ${mistake.path}: `);
    expect(more).toEqual([]);
    expect(stderr).not.toContain(environment.ORDERS_SECRET);
  });

  it('asks nobody online as long as it is wrong', async () => {
    await directory.configure({ issuers: [] });
    const { code, stdout } = await runAssay(['check', directory.file, '--online', '--json'], { environment });
    expect(code).toBe(78);
    expect(JSON.parse(stdout)).not.toHaveProperty('online');
  });
});
