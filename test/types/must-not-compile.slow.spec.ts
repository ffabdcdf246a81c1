import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forgotten, type Forgotten } from './forgotten.js';
import { TypeCheck } from './support/type-check.js';

const check = new TypeCheck();
const folder = 'test/types';
const samples = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.types.ts'));

/** Says in a sample that its next line must not compile, and with which words the compiler says so. */
const marker = /@ts-expect-error: (.+)$/;

describe('a sample of what must not compile', () => {
  it.each(samples)('%s is refused on each marked line, for the reason that it gives, and nowhere else', (name) => {
    const lines = readFileSync(join(import.meta.dirname, name), 'utf8').split('\n');
    const expected = lines.flatMap((line, i) => {
      const because = marker.exec(line)?.[1];
      return because === undefined ? [] : [{ line: i + 2, because }];
    });
    // Without the compiler's own word for it, which would accept any error.
    const unmarked = lines.map((line) => line.replace('@ts-expect-error', '')).join('\n');
    const file = `${folder}/${name}`;
    const errors = check.errorsIn([file], new Map([[file, unmarked]]));

    expect(expected).not.toEqual([]);
    expect(errors.map(({ line }) => line)).toEqual(expected.map(({ line }) => line));
    for (const [i, { because }] of expected.entries()) expect(errors[i]?.message).toContain(because);
  });
});

describe('the source with something new does not compile as long as it forgets', () => {
  it.each(forgotten)('$what', ({ added, refusedIn, because }) => {
    const [file, text] = additionOf(added);
    const errors = check.errorsIn([file, ...refusedIn], new Map([[file, text]]));

    expect(errors.map((error) => error.file)).toEqual(refusedIn);
    for (const { message } of errors) expect(message).toContain(because);
  });
});

function additionOf(added: Forgotten['added']): readonly [file: string, text: string] {
  if (typeof added === 'string') return [`${folder}/addition.ts`, `export {};\n${added}`];
  const text = readFileSync(added.file, 'utf8');
  expect(text).toContain(added.words);
  return [added.file, text.replace(added.words, added.by)];
}
