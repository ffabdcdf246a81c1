import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { pinned } from './harness/processors.ts';
import type { Effort, Row } from './scenario.ts';

const file = join(import.meta.dirname, 'RESULTS.md');

/** What is written by hand begins here; measuring leaves it alone. */
const remarksHeading = '## Remarks';

/** The rows as a table in Markdown. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['measure', 'Assay', 'baseline', 'result', 'target', 'met'];
  const lines = rows.map(({ measure, assay, baseline, result, target, isMet }) => [
    ...[measure, assay, baseline, result, target],
    isMet === undefined ? '–' : isMet ? 'yes' : '**no**',
  ]);
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Replaces the table in `RESULTS.md`. */
export async function writeResults(rows: readonly Row[], effort: Effort): Promise<void> {
  const before = await readFile(file, 'utf8').catch(() => '');
  const at = before.indexOf(remarksHeading);
  const remarks = at < 0 ? '' : `\n${before.slice(at)}`;
  await writeFile(file, `${await introduction(effort)}\n${tableOf(rows)}\n${remarks}`);
}

async function introduction({ rounds, seconds }: Effort): Promise<string> {
  const [cpu] = cpus();
  const [load = 0] = loadavg();
  const machine = `${availableParallelism()} × ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}`;
  return `# What an answer costs

Written by \`npm run bench\`; the remarks below the table are written by hand.

- Machine: ${machine}; load average at the end ${load.toFixed(1)}
- Versions: Node ${process.versions.node}, OpenSSL ${process.versions.openssl}, ${await libraries()}
- Date: ${new Date().toISOString().slice(0, 10)}
- Each thing was measured ${rounds} times for ${seconds} s, in turns with its baseline, from another process (${pinned()}). A result is the median of what each round
  gave; rates and processor times (of all threads of the server, for one answer) are medians, too.
`;
}

async function libraries(): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '..', 'package.json'), 'utf8');
  type Versions = Readonly<Record<string, string>>;
  const { dependencies, devDependencies } = JSON.parse(text) as Record<'dependencies' | 'devDependencies', Versions>;
  const versions = { ...devDependencies, ...dependencies };
  return ['@nestjs/core', 'fastify', '@grpc/grpc-js', 'jose'].map((name) => `${name} ${versions[name]}`).join(', ');
}
