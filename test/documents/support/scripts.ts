// Commands for a shell, in blocks and in sentences.
import type { BlockKind } from './block-kind.js';
import { spansOf, type Block } from './documents.js';
import { judgedPrograms, problemsOfCall } from './known-programs.js';
import { callsOf } from './shell-calls.js';

/** What readers bring themselves: pages say in words where they have it from. Each other variable has to be set above. */
const ofReaders: Readonly<Record<string, string>> = {
  TOKEN: 'a.b.c',
  ACCESS_TOKEN: 'a.b.c',
  SECRET: 'a-secret',
  ORDERS_API_SECRET: 'a-secret',
  DPOP: 'a.b.c',
  ASSAY: 'http://127.0.0.1:8081/admin/v1',
  ASSAY_URL: 'http://127.0.0.1:8080',
  ASSAY_CLIENT: 'orders-api',
  ASSAY_SECRET: 'a-secret',
  TRAIL: '/dev/null',
  THUMBPRINT: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  KEY: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  JTI: 'a-name',
  ID: 'an-id',
  REQUEST_ID: 'an-id',
  REDIS_PASSWORD: 'a-password',
};

const shells = ['sh', 'bash', 'console'];
const isScript = ({ language, use }: Block): boolean => shells.includes(language) && use === '';

/** Commands to paste. Each program is one that a judge knows, and is called as it can be called. */
export const scripts: BlockKind = {
  name: 'commands',
  isOfKind: isScript,
  problemsOf: (block) => problemsOf(block),
};

/** Of a session only what is typed: behind `$`, and the lines that it goes on in. */
export function typed({ language, text }: Block): string {
  if (language !== 'console') return text;
  return [...text.matchAll(/^\$ (?<command>(?:.*\\\n)*.*)$/gmu)]
    .map(({ groups }) => groups?.['command'] ?? '')
    .join('\n');
}

function problemsOf(block: Block): readonly string[] {
  const before = block.before.filter(isScript).map(typed);
  const { calls, problems } = callsOf(typed(block), before, ofReaders);
  return [...problems, ...calls.flatMap(problemsOfCall)];
}

/** Functions that a block above makes, such as `issuer` in the runbook. */
function functionsAbove({ before }: Block): readonly string[] {
  return before.flatMap(({ text }) =>
    [...text.matchAll(/^(?<name>\w+)\(\) \{/gmu)].map(({ groups }) => groups?.['name'] ?? ''),
  );
}

/** Commands within the sentences of a document, each with what is wrong with it. */
export function commandsIn(
  document: string,
): readonly { readonly block: Block; readonly problems: readonly string[] }[] {
  return spansOf(document)
    .filter(isCommand)
    .map((block) => ({ block, problems: problemsOfSpan(block) }));
}

/** A program with something behind it, or a function with one word: a log line may begin with the same word. */
function isCommand(block: Block): boolean {
  const { text } = block;
  const [program = '', ...words] = text.split(' ');
  if (functionsAbove(block).includes(program)) return /^\w+ \w+(?: \||$)/u.test(text);
  return words.length > 0 && !text.endsWith(' ') && judgedPrograms.includes(program);
}

/** A sentence may leave the value of an option, or an operand, to the reader. */
function problemsOfSpan(block: Block): readonly string[] {
  const problems = problemsOf(block);
  if (problems.length === 0) return [];
  const completed = problemsOf({ ...block, text: `${block.text} VALUE` });
  return completed.length === 0 ? [] : problems;
}
