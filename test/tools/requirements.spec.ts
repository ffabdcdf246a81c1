import { describe, expect, it } from 'vitest';
import { requirementProblems, requirementsPage, usesIn, type Family } from '../../tools/requirements.mjs';

const families: readonly Family[] = [
  {
    name: 'Keys',
    about: 'What holds for keys.',
    requirements: { 'B-15': { statement: 'A removed key ends.', source: 'policy' } },
  },
];
const named = usesIn('test/keys.spec.ts', "it('B-15 ends')");

describe('the check of requirements', () => {
  it('has nothing against an id that is explained and tested', () => {
    expect(requirementProblems(families, named)).toEqual([]);
  });

  it('refuses an id that nobody explains, and says where it stands and what to do', () => {
    const uses = [...named, ...usesIn('src/keys.ts', '// why\n// Attack B-99.')];
    expect(requirementProblems(families, uses)).toEqual([
      'src/keys.ts:2: B-99 is not explained: add it to test/requirements.yaml, or say the reason in words',
    ]);
  });

  it.each([
    ['nobody', []],
    ['only a comment', usesIn('src/keys.ts', '// B-15')],
    ['only a page', usesIn('docs/keys.md', 'B-15')],
  ])('refuses an explanation of an id that %s names', (_what, uses) => {
    expect(requirementProblems(families, uses)).toEqual([
      'test/requirements.yaml: no test names B-15: add one, or remove it',
    ]);
  });

  it('refuses an id twice, and one without words', () => {
    const [keys] = families;
    const empty = { ...keys!, requirements: { 'B-15': { statement: '', source: 'policy' } } };
    expect(requirementProblems([keys!, empty], named)).toEqual([
      'test/requirements.yaml: B-15 is in two families: keep one',
      'test/requirements.yaml: B-15 needs a statement and a source',
    ]);
  });
});

describe('an id', () => {
  it.each(['R7662-31', 'R-ENV-02', 'INV-01', 'DP-04', 'D2-06', 'B-15', 'D-10', 'X04', 'I17', 'L4', 'NEW-01'])(
    'is %s',
    (id) => {
      expect(usesIn('a.ts', `it('${id} holds')`)).toEqual([{ id, file: 'a.ts', line: 1 }]);
    },
  );

  it.each([
    'ES256',
    'P-256',
    'SHA-256',
    'UTF-8',
    'UTF-16',
    'ML-DSA-44',
    'X25519',
    '%D9%A3',
    'RSA-2048',
    'V8',
    'CVE-2017-15361',
  ])('is not %s', (text) => {
    expect(usesIn('a.ts', `it('${text} holds')`)).toEqual([]);
  });
});

it('the page has the statement, the source and the tests of each id', () => {
  expect(requirementsPage(families, named)).toContain('| B-15 | A removed key ends. | policy | `test/keys.spec.ts` |');
});
