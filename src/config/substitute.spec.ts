import { describe, expect, it } from 'vitest';
import { RecordedProblems } from '../../test/builders/recorded-problems.js';
import { FileText } from '../shared/configuration/field.js';
import { substitute } from './substitute.js';

const files: Readonly<Record<string, string>> = {
  secret: 'from a file\n',
  windows: 'from windows\r\n',
  empty: '\n',
  sly: '${env:HOST}',
};
const sources = {
  environment: { HOST: 'redis', PASSWORD: 'pa$$word', EMPTY: '' },
  file: (name: string) => (name in files ? new FileText(`/run/${name}`, files[name]!) : 'there is no such file'),
};

function substituted(raw: unknown) {
  const recorded = new RecordedProblems();
  return { ...substitute(raw, sources, recorded.place()), problems: recorded.problems };
}

describe('substitution', () => {
  it.each([
    ['${env:HOST}', 'redis'],
    ['redis://u:${env:PASSWORD}@${env:HOST}:6379', 'redis://u:pa$$word@redis:6379'],
    ['${file:secret}', 'from a file'],
    ['${file:windows}', 'from windows'],
    ['$${env:HOST}', '${env:HOST}'],
    ['100$ and {braces}', '100$ and {braces}'],
  ])('%s → %s', (text, result) => {
    expect(substituted({ a: text })).toMatchObject({ value: { a: result }, problems: [] });
  });

  it('reaches every text and nothing else', () => {
    const raw = { a: ['${env:HOST}', 1, null, true, { b: '${env:HOST}' }], '${env:HOST}': 'x' };
    const { value, paths } = substituted(raw);
    expect(value).toEqual({ a: ['redis', 1, null, true, { b: 'redis' }], '${env:HOST}': 'x' });
    expect([...paths]).toEqual(['a[0]', 'a[4].b']);
  });

  it('does not look at what it inserted', () => {
    expect(substituted({ a: '${file:sly}' }).value).toEqual({ a: '${env:HOST}' });
  });

  it.each([
    ['${env:ABSENT}', '${env:ABSENT}: the environment variable is not set, or empty'],
    ['${env:EMPTY}', '${env:EMPTY}: the environment variable is not set, or empty'],
    ['${env:constructor}', '${env:constructor}: the environment variable is not set, or empty'],
    ['${file:absent}', '${file:absent}: there is no such file'],
    ['${file:empty}', '${file:empty}: the file is empty'],
    ['${ENV:HOST}', 'an unknown ${…}'],
    ['${HOST}', 'an unknown ${…}'],
    ['${env:HOST', 'an unknown ${…}'],
  ])('%s is a problem with its path', (text, found) => {
    expect(substituted({ a: [text] }).problems).toMatchObject([{ path: 'a[0]', found }]);
  });

  it('reports each of several', () => {
    expect(substituted({ a: '${env:ABSENT}${file:absent}', b: '${env:ABSENT}' }).problems).toHaveLength(3);
  });
});
