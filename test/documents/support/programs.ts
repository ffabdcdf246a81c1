// Programs and settings of servers in documents: those that a test starts are only looked up here, all others are parsed by their language's own tool.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parser as java } from '@lezer/java';
import { parser as rust } from '@lezer/rust';
import type { LRParser } from '@lezer/lr';
import ts from 'typescript';
import { clientBlocks, runnableBlocks } from '../../../tools/client-pages.mjs';
import { servedClients } from '../../clients/support/served-clients.js';
import type { BlockKind } from './block-kind.js';
import { read, root, type Block } from './documents.js';
import { problemsOfNginx } from './nginx-settings.js';
import { problemsOfAddresses } from './our-endpoints.js';

type Judge = (text: string) => readonly string[];

/** Reads the program on standard input, and ends with 0 where it has no fault. */
const byTool =
  (command: string, ...args: readonly string[]): Judge =>
  (text) => {
    const { status, stdout, stderr, error } = spawnSync(command, args, { input: text, encoding: 'utf8' });
    return status === 0 ? [] : [error ? error.message : `${stderr}${stdout}`];
  };

const byCompiler: Judge = (text) => {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
  const { diagnostics = [] } = ts.transpileModule(text, {
    compilerOptions,
    reportDiagnostics: true,
    fileName: 'block.ts',
  });
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
};

/** For languages whose compiler is too much to install for one page. */
const byGrammar =
  (grammar: LRParser): Judge =>
  (text) => {
    const problems: string[] = [];
    grammar.parse(text).iterate({
      enter: ({ type, from }) => {
        if (type.isError) problems.push(`a fault of syntax at ${JSON.stringify(text.slice(from, from + 40))}`);
      },
    });
    return problems;
  };

/** A method is Java within a class only. */
const javaOf: Judge = (text) => byGrammar(java)(/\bclass \w+/u.test(text) ? text : `class Block {\n${text}}\n`);

const lua = byTool('luac', '-p', '-');

/** A part stands within a site and its route. Caddy reads files alone. */
const caddyfile: Judge = (text) => {
  const place = mkdtempSync(join(tmpdir(), 'assay-caddy-'));
  try {
    const file = join(place, 'Caddyfile');
    writeFileSync(file, /^\s/u.test(text) ? `:8000 {\n\troute {\n${text}\t}\n}\n` : text);
    return byTool('caddy', 'adapt', '--adapter', 'caddyfile', '--config', file)('');
  } finally {
    rmSync(place, { recursive: true });
  }
};

const judges: Readonly<Record<string, Judge>> = {
  js: byCompiler,
  ts: byCompiler,
  python: byTool('/usr/bin/python3', '-c', 'import ast, sys; ast.parse(sys.stdin.read())'),
  php: byTool('php', '-l'),
  go: byTool('gofmt', '-e'),
  java: javaOf,
  rust: byGrammar(rust),
  lua,
  nginx: (text) => problemsOfNginx(text, lua),
  caddyfile,
};

/** Pages outside of docs/clients whose programs a test in test/clients runs. */
const pagesThatAreRun: readonly string[] = readdirSync(join(root, 'test', 'clients'))
  .filter((file) => file.endsWith('.spec.ts'))
  .flatMap((file) => [...read(`test/clients/${file}`).matchAll(/runnableBlocks\('(?<page>[^']+)'\)/gu)])
  .map(({ groups }) => groups?.['page'] ?? '');

function isStarted({ document, text }: Block): boolean {
  const page = basename(document);
  const isClient = dirname(document) === 'docs/clients';
  if (!isClient && !pagesThatAreRun.includes(page)) return false;
  const known = (isClient ? clientBlocks() : runnableBlocks(page)).find(
    (each) => each.page === page && each.text === text,
  );
  return known !== undefined && (known.canRun || (known.isServed && servedClients.some((each) => each.page === page)));
}

/** `run` and `serve` behind the language: test/clients starts it, and holds it to what its page says. */
export const startedPrograms: BlockKind = {
  name: 'programs that test/clients starts',
  isOfKind: ({ use }) => use === 'run' || use === 'serve',
  problemsOf: (block) =>
    isStarted(block)
      ? []
      : [
          `nothing in test/clients starts it: tools/client-pages.mjs has to know the language, or served-clients.ts the page`,
        ],
};

/** What nobody starts is parsed. */
export const parsedPrograms: BlockKind = {
  name: 'programs that are parsed',
  isOfKind: ({ use, language }) => use === '' && language in judges,
  problemsOf: ({ language, text }) => [...judges[language]!(text), ...problemsOfAddresses(text)],
};
