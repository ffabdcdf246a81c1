/** Words that only this project ever used are refused as names: somebody who joins today knows the words of the field. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const filesOf = (...patterns: readonly string[]): readonly string[] =>
  execFileSync('git', ['ls-files', ...patterns], { cwd: root })
    .toString()
    .split('\n')
    .filter(Boolean);
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Each with the word that says the same in the field; CONTRIBUTING.md shows them. */
const retired: Readonly<Record<string, string>> = {
  look: 'fetch, refresh; check; measurement',
  door: 'endpoint',
  standing: 'state',
  sight: 'view',
  desk: 'API',
  twin: 'duplicate',
  stranger: 'unknown, unproven',
  sift: 'filter',
  heed: 'sync, follow',
  tell: 'report',
  hear: 'receive',
  seat: 'place',
};

/** Forms of the same words. */
const forms: Readonly<Record<string, string>> = {
  looks: 'look',
  looked: 'look',
  looking: 'look',
  told: 'tell',
  untold: 'tell',
  tells: 'tell',
  teller: 'tell',
  heard: 'hear',
  hears: 'hear',
};

/** Names that stay: users or other versions of this program read them. Every row must still be needed. */
const interfaces: readonly { readonly names: readonly string[]; readonly files: RegExp; readonly why: string }[] = [
  {
    names: ['door'],
    files: /^src\/(app\/grpc-endpoints|transport\/request-report|introspection\/verdicts\/|cli\/audit\/|telemetry\/)/,
    why: 'label of metrics, attribute of spans and field of the audit trail: queries and dashboards of users name it',
  },
  {
    names: ['look', 'look_refused'],
    files: /^(src\/admin\/|console\/src\/explain)/,
    why: 'step of an explanation and code of a problem, which clients of the admin API read',
  },
  {
    names: ['standing'],
    files: /^(src\/admin\/issuer|console\/src\/|src\/keys\/record\/sealed-record)/,
    why: 'member of a key in the admin API, and of the records that replicas of other versions read',
  },
  {
    names: ['looks'],
    files: /^src\/keys\/record\/sealed-record/,
    why: 'member of the records that replicas of other versions read',
  },
  {
    names: ['nextLookInMs'],
    files: /^src\/admin\/issuer-(state|view)/,
    why: 'member of the reports that replicas of other versions read',
  },
  {
    names: ['heardAtMs', 'heardAt'],
    files: /^src\/(signals\/|admin\/signals\.openapi)/,
    why: 'member of the state of a stream, in Redis and in the admin API',
  },
];

/** Ordinary English that contains one of the words. */
const ordinary = /^(lookUps?|lookups?|looks?Like\w*|makeLookAlikes|lookAlikes)$/;

/** What is written beside names: comments, texts and templates. A template keeps the names in its `${…}` out; few have any. */
const notNames = /\/\*[^]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;

const wordsOf = (name: string): readonly string[] =>
  (name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []).map((word) => word.toLowerCase());

const retiredIn = (name: string): readonly string[] =>
  ordinary.test(name)
    ? []
    : wordsOf(name)
        .map((word) => forms[word] ?? word)
        .filter((word) => Object.hasOwn(retired, word));

describe('names in the code', () => {
  const files = filesOf('src/**/*.ts', 'console/src/**/*.ts*').filter((file) => !file.endsWith('.spec.ts'));
  const found = files.flatMap((file) => {
    const names = new Set(
      textOf(file)
        .replace(notNames, ' ')
        .match(/[A-Za-z_$][\w$]*/g),
    );
    return [...names].filter((name) => retiredIn(name).length > 0).map((name) => ({ file, name }));
  });
  const isInterface = ({ file, name }: { readonly file: string; readonly name: string }): boolean =>
    interfaces.some(({ names, files: where }) => names.includes(name) && where.test(file));

  it('are words of the field', () => {
    expect(files.length).toBeGreaterThan(600);
    const wrong = found
      .filter((each) => !isInterface(each))
      .map(
        ({ file, name }) =>
          `${file}: ${name}; ${retiredIn(name)
            .map((word) => retired[word])
            .join(' or ')}`,
      );
    expect(wrong).toEqual([]);
  });

  it.each(interfaces.flatMap(({ names, files: where, why }) => names.map((name) => ({ name, where, why }))))(
    '$name is still a name that others read: $why',
    ({ name, where }) => {
      expect(found.some((each) => each.name === name && where.test(each.file))).toBe(true);
    },
  );
});

describe('nouns in comments, sentences, names of tests and documents', () => {
  const before = 'a|an|the|one|each|every|this|that|another|no|two|second|first|last|latest|previous|same|shared|own';
  const nouns = new RegExp(
    `\\b(?:${before}) (?:looks?|sights?|desks?)\\b(?! (?:like|up|alike|as|random|sound)\\b)|\\b(?:doors?|twins?|seats?|standings?)\\b`,
    'gi',
  );
  /** Where such a noun is one of {@link interfaces}, as it is written: in code, in a query or in an example. */
  const asInterface = /[`"'{([,.] ?(?:door|standing|looks?)\b|\b(?:door|standing)(?:[`"'}:=,?]|\)| =)/;
  const files = filesOf(
    'src/**/*.ts',
    'console/src/**/*.ts*',
    'test/**/*.ts',
    'tools/**/*.mjs',
    '*.md',
    'helm/**/*.yaml',
  );

  it('are words of the field', () => {
    const wrong = files
      .filter((file) => file !== 'test/house/words.spec.ts' && file !== 'CONTRIBUTING.md')
      .flatMap((file) =>
        textOf(file)
          .split('\n')
          .flatMap((line, i) => {
            const [noun] = line.match(nouns) ?? [];
            return noun === undefined || asInterface.test(line) ? [] : [`${file}:${i + 1}: ${noun}`];
          }),
      );
    expect(wrong).toEqual([]);
  });
});
