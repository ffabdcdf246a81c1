// What readers paste is good as it stands: every fenced block of every document, and every command in a sentence.
import { describe, expect, it } from 'vitest';
import { blocks, documents, type Block } from './support/documents.js';
import { kindOf, kinds } from './support/kinds.js';
import { commandsIn } from './support/scripts.js';

/** Blocks that nothing here can judge, each with the reason. One that can be judged must not be in the list. */
const exceptions: Readonly<Record<string, string>> = {
  'docs/recipes/curl.md http':
    'bytes for a socket: test/gateway/recipes.spec.ts sends them, with a good token and with this one',
};

const nameOf = ({ document, language }: Block): string => `${document} ${language}`;
const isException = (block: Block): boolean => nameOf(block) in exceptions;

describe.each(documents.filter((document) => blocks.some((block) => block.document === document)))('%s', (document) => {
  const own = blocks.filter((block) => block.document === document && !isException(block));

  it.each(own.map((block) => [block.line, block.language, block] as const))(
    '%i: %s',
    async (_line, language, block) => {
      const kind = kindOf(block);
      expect(
        kind?.name,
        `${document}:${block.line}: nothing judges this block (${language}). Say on its first line what it is a part of (\`# part of a caller\`), ` +
          'give it a language that test/documents/support/kinds.ts knows, or add a kind there',
      ).toBeDefined();
      const problems = await kind!.problemsOf(block);
      expect(problems, `${document}:${block.line}, read as ${kind!.name}`).toEqual([]);
    },
  );
});

describe('commands in sentences', () => {
  it.each(documents)('%s', (document) => {
    const wrong = commandsIn(document).filter(({ problems }) => problems.length > 0);
    expect(
      wrong.map(({ block, problems }) => `${document}:${block.line}: \`${block.text}\`: ${problems.join('; ')}`),
    ).toEqual([]);
  });
});

it('every kind has a block, and every exception is one that no kind takes', () => {
  expect(kinds.filter((kind) => !blocks.some((block) => kindOf(block) === kind)).map(({ name }) => name)).toEqual([]);
  const needed = blocks.filter((block) => kindOf(block) === undefined).map(nameOf);
  expect(Object.keys(exceptions).toSorted()).toEqual([...new Set(needed)].toSorted());
});
