// Keeps the ids of requirements true: each one that a test or a text names is explained in test/requirements.yaml, and each of those has a test.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { at, root } from './project.mjs';

/** The table. */
export const tableFile = 'test/requirements.yaml';

/**
 * `R7662-31`, `R-ENV-02`, `DP-04`, `B-15`, `X04`, `I17`. What only resembles an id does not count: `ES256` and `P-256` have too many digits,
 * `UTF-16` is named here, `ML-DSA-44` has more in front of it, `%D9` is an octet of a URL.
 */
const id = /(?<![\w%\\/.-])(?:R-[A-Z]+-\d{2}|(?!UTF-)[A-Z][A-Z0-9]*-\d{2}|X\d{2}|[DIFL][1-9]\d?)(?![\w%]|-\d)/g;

/** Where ids may stand. */
const searched = ['src', 'test', 'docs', 'bench'];

/** The table, the page that is made from it and the test of this search name ids without using them. */
const notSearched = [tableFile, 'docs/requirements.md', 'test/tools/requirements.spec.ts'];

/** @returns the families of the table, in its order */
export function readRequirements() {
  return parse(readFileSync(at(tableFile), 'utf8')).families;
}

/** Where a text names ids. */
export function usesIn(file, text) {
  return text
    .split('\n')
    .flatMap((line, index) => [...line.matchAll(id)].map(([found]) => ({ id: found, file, line: index + 1 })));
}

/** Where the repository names ids. */
export function requirementUses() {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...searched], {
    cwd: root,
  })
    .toString()
    .split('\n')
    .filter((file) => /\.(?:tsx?|mjs|md)$/.test(file) && !notSearched.includes(file) && existsSync(at(file)))
    .flatMap((file) => usesIn(file, readFileSync(at(file), 'utf8')));
}

/** The files of tests, and of the cases that tests are made from, which name each id. */
export function testsById(uses) {
  const tests = new Map();
  for (const { id: used, file } of uses.filter((use) => isTest(use.file))) {
    tests.set(used, (tests.get(used) ?? new Set()).add(file));
  }
  return tests;
}

/** What is wrong, each with its place and its remedy. */
export function requirementProblems(families, uses) {
  const entries = families.flatMap(({ requirements }) => Object.entries(requirements));
  const known = new Set(entries.map(([name]) => name));
  const tests = testsById(uses);
  return [
    ...uses
      .filter((use) => !known.has(use.id))
      .map(
        (use) =>
          `${use.file}:${use.line}: ${use.id} is not explained: add it to ${tableFile}, or say the reason in words`,
      ),
    ...entries
      .filter(([name]) => !tests.has(name))
      .map(([name]) => `${tableFile}: no test names ${name}: add one, or remove it`),
    ...entries
      .filter(([name], index) => entries.findIndex(([other]) => other === name) !== index)
      .map(([name]) => `${tableFile}: ${name} is in two families: keep one`),
    ...entries
      .filter(([, { statement, source }]) => !statement || !source)
      .map(([name]) => `${tableFile}: ${name} needs a statement and a source`),
  ];
}

/** The generated part of docs/requirements.md. */
export function requirementsPage(families, uses) {
  const tests = testsById(uses);
  const row = ([name, { statement, source }]) => {
    const files = [...(tests.get(name) ?? [])].sort().map((file) => `\`${file}\``);
    return `| ${name} | ${cell(statement)} | ${cell(source)} | ${files.join(', ')} |`;
  };
  return families
    .map(({ name, about, requirements }) => {
      const head = ['| id | what must hold | source | tests |', '| --- | --- | --- | --- |'];
      return `## ${name}\n\n${about}\n\n${[...head, ...Object.entries(requirements).map(row)].join('\n')}\n`;
    })
    .join('\n');
}

function cell(text) {
  return text.replaceAll('|', '\\|');
}

function isTest(file) {
  return file.startsWith('test/') ? file.endsWith('.ts') : file.endsWith('.spec.ts');
}
