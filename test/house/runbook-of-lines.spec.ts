/** Lines of the log lead to paragraphs that are about them: a row without a line, or a paragraph without the sentence, helps nobody at night. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runbookOfLines } from '../../src/telemetry/runbook-of-lines.js';
import { paragraphsIn } from './support/paragraphs.js';

const root = join(import.meta.dirname, '..', '..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const rows = Object.entries(runbookOfLines);

it('every sentence that has a paragraph is one that the program writes', () => {
  const files = execFileSync('git', ['ls-files', 'src/*.ts'], { cwd: root }).toString().split('\n');
  const code = files
    .filter((file) => file !== '' && !/\.spec\.ts$|runbook-of-lines\.ts$/.test(file))
    .map(textOf)
    .join('\n');
  expect(rows.length).toBeGreaterThan(60);
  expect(rows.filter(([sentence]) => !code.includes(`'${sentence}'`))).toEqual([]);
});

it('every paragraph is there, and quotes the sentences that lead to it', () => {
  const silent = rows.filter(([sentence, place]) => !paragraphAt(place).includes(`\`${sentence}\``));
  expect(silent).toEqual([]);
});

/** As one line: sentences are broken anywhere. */
function paragraphAt(place: string): string {
  const [file = '', anchor = ''] = place.split('#');
  return paragraphsIn(textOf(file)).get(anchor)?.replaceAll(/\s+/g, ' ') ?? '';
}
