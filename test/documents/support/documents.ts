// Every document of the repository, and what its readers paste from it: fenced blocks, and commands within sentences.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..', '..');

/** Something to paste, with its place. */
export interface Block {
  /** Path below the root. */
  readonly document: string;
  /** Of the fence, counted from 1. */
  readonly line: number;
  /** The first word behind the fence; empty where there is none. */
  readonly language: string;
  /** The second one: `run` and `serve` are for tests that start it. */
  readonly use: string;
  /** The heading above it. */
  readonly section: string;
  readonly text: string;
  /** Blocks of the same document above this one, in their order. */
  readonly before: readonly Block[];
}

/** All files in which people read, new ones included. */
export const documents: readonly string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));

/** A file of the repository. */
export function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** The fenced blocks of one document. */
export function blocksOf(document: string): readonly Block[] {
  const lines = read(document).split('\n');
  const blocks: Block[] = [];
  let section = '';
  let open: { readonly line: number; readonly fence: RegExpExecArray } | undefined;
  for (const [i, text] of lines.entries()) {
    const fence = /^(?<indent> *)(?:```|~~~)(?<info>.*)$/u.exec(text);
    if (open && fence) {
      blocks.push({
        ...headOf(open.fence),
        document,
        line: open.line + 1,
        section,
        before: [...blocks],
        text: textIn(lines, open, i),
      });
      open = undefined;
    } else if (fence) open = { line: i, fence };
    else if (!open) section = /^#+ (?<heading>.+)$/u.exec(text)?.groups?.['heading'] ?? section;
  }
  if (open) throw new Error(`${document}:${open.line + 1}: this block is not closed`);
  return blocks;
}

/** Those of all documents. */
export const blocks: readonly Block[] = documents.flatMap(blocksOf);

/** Code within the sentences of a document: each with the blocks above it, of which it may use a variable or a function. */
export function spansOf(document: string): readonly Block[] {
  const ofDocument = blocksOf(document);
  const text = read(document).replace(/^ *```[^]*?^ *```$/gmu, (block) => block.replace(/[^\n]/gu, ''));
  return [...text.matchAll(/`(?<code>[^`\n]+)`/gu)].map(({ groups, index }) => {
    const line = text.slice(0, index).split('\n').length;
    const before = ofDocument.filter((block) => block.line < line);
    return { document, line, language: 'span', use: '', section: '', text: groups?.['code'] ?? '', before };
  });
}

function headOf(fence: RegExpExecArray): Pick<Block, 'language' | 'use'> {
  const [language = '', use = ''] = (fence.groups?.['info'] ?? '').trim().split(' ');
  return { language, use };
}

/** Without the indentation of its fence, as in a list. */
function textIn(
  lines: readonly string[],
  open: { readonly line: number; readonly fence: RegExpExecArray },
  end: number,
): string {
  const indent = open.fence.groups?.['indent']?.length ?? 0;
  return lines
    .slice(open.line + 1, end)
    .map((line) => `${line.slice(indent)}\n`)
    .join('');
}
