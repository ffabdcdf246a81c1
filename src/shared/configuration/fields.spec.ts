import { describe, expect, it } from 'vitest';
import { RecordedProblems } from '../../../test/builders/recorded-problems.js';
import { JsonField, ListOf, Section, TextList } from './composite-fields.js';
import { fieldsOf, unreadable, type Reading, Rule, FileText } from './field.js';
import type { Place } from './place.js';
import { readSection } from './read-section.js';
import { FileField, FlagField, NumberField, SecretField, SizeField, TextField } from './scalar-fields.js';

class Drawer {
  @TextField('what is in it', { required: true })
  readonly content!: string;

  @SecretField('how to open it')
  readonly code?: string;
}

class Chest {
  @SizeField('how much fits in', { default: 256 * 1024, min: 1, max: 1024 ** 2 })
  readonly size!: number;

  @NumberField('how full it is', { min: 0, max: 1 })
  readonly filling?: number;

  @FlagField('whether it is locked', { default: true })
  readonly isLocked!: boolean;

  @Section('the uppermost', () => Drawer)
  readonly top?: Drawer;

  @ListOf('the others', () => Drawer, { default: [], shortForm: 'content' })
  readonly drawers!: readonly Drawer[];

  @TextList('who may open it', { required: true, any: true, min: 1 })
  readonly owners!: readonly string[] | 'any';

  @FileField('its plan')
  readonly planFile?: FileText;

  @JsonField('whatever')
  readonly notes?: object;

  @Rule('size', 'filling')
  refuseTooMuch(place: Place): void {
    if (this.size * (this.filling ?? 0) > 1000) place.refuse('too much', 'less');
  }
}

class OldChest extends Chest {
  @TextField('its age')
  readonly age?: string;
}

function read(raw: unknown, section: new () => Chest = Chest) {
  const recorded = new RecordedProblems();
  const value = readSection(section, raw, recorded.place('chest'), {
    file: (name) => (name === 'plan' ? new FileText('/plan', 'text') : 'there is no such file'),
    isSubstituted: (path) => path.endsWith('code'),
    isDemo: false,
  });
  const { problems, warnings } = recorded;
  return { value, problems, warnings };
}

describe('the fields of a section', () => {
  it('become what the program uses', () => {
    const raw = {
      size: '1KiB',
      filling: 0.5,
      top: { content: 'spoons', code: '1234' },
      drawers: ['forks', { content: 'knives' }],
    };
    const { value, problems, warnings } = read({ ...raw, owners: 'any', planFile: 'plan', notes: { a: [1] } });
    expect([problems, warnings]).toEqual([[], []]);
    expect(value).toBeInstanceOf(Chest);
    expect(value).toEqual({
      size: 1024,
      filling: 0.5,
      isLocked: true,
      top: { content: 'spoons', code: '1234' },
      drawers: [{ content: 'forks' }, { content: 'knives' }],
      owners: 'any',
      planFile: { path: '/plan', text: 'text' },
      notes: { a: [1] },
    });
  });

  it('are all read, whatever is wrong with some; the rules between sound ones, too', () => {
    const { value, problems } = read({
      size: '1MiB',
      filling: 1,
      isLocked: 'no',
      drawers: [{}],
      planFile: 'lost',
      notes: [],
      x: 1,
    });
    expect(value).toBe(unreadable);
    expect(problems.map(({ path, found }) => [path, found])).toEqual([
      ['chest.x', 'an unknown key'],
      ['chest.isLocked', '"no"'],
      ['chest.drawers[0].content', 'nothing'],
      ['chest.owners', 'nothing'],
      ['chest.planFile', '"lost": there is no such file'],
      ['chest.notes', 'an empty list'],
      ['chest', 'too much'],
    ]);
  });

  it('are not judged together while one of them is wrong by itself', () => {
    const { problems } = read({ size: '2MiB', filling: 1, owners: 'any' });
    expect(problems.map(({ path }) => path)).toEqual(['chest.size']);
  });

  it.each(['1MB', '1048577B', '0B', 1024])('refuse the size %j', (size) => {
    expect(read({ size, owners: 'any' }).problems).toMatchObject([
      { path: 'chest.size', expected: 'a size with its unit (512B, 256KiB, 1MiB), from 1B to 1MiB' },
    ]);
  });

  it.each([
    ['a pattern', ['*'], ['chest.owners[0]']],
    ['a pattern in a part', ['eva', 'https://*.example'], ['chest.owners[1]']],
    [
      'a word that would be permission for everything',
      ['ALL', 'Any', 'everyone'],
      [0, 1, 2].map((i) => `chest.owners[${i}]`),
    ],
    ['plain texts', ['eva', 'allison', 'any-one'], []],
  ])('warn where a list looks as if it fitted more than itself: %s', (_name, owners, paths) => {
    const { problems, warnings } = read({ size: '1KiB', top: { content: 'x' }, owners });
    expect(problems).toEqual([]);
    expect(warnings.map(({ path }) => path)).toEqual(paths);
    for (const { expected } of warnings) expect(expected).toContain('the word any, without a list');
  });

  it('warn of a literal secret once, and name the short form as it was written', () => {
    class Safe {
      @ListOf('secrets', () => Secret, { shortForm: 'code' })
      readonly secrets?: readonly Secret[];
    }
    class Secret {
      @SecretField('a secret', { required: true })
      readonly code!: string;
    }
    const recorded = new RecordedProblems();
    const reading: Reading = {
      file: () => '',
      isSubstituted: (path) => path === 'secrets[1]',
      isDemo: false,
    };
    const secrets = ['a', 'b', { code: 'c' }, 'redis://redis:6379', 'redis://u:p@redis:6379'];
    readSection(Safe, { secrets }, recorded.place(), reading);
    expect(recorded.warnings.map(({ path }) => path)).toEqual(['secrets[0]', 'secrets[2].code', 'secrets[4]']);
  });

  it('of a section that extends another come after those of the other, which keeps its own', () => {
    expect([...fieldsOf(OldChest).keys()]).toEqual([...fieldsOf(Chest).keys(), 'age']);
    expect(fieldsOf(Chest).has('age')).toBe(false);
    expect(read({ owners: ['a'], age: 'old', size: '1MiB', filling: 1 }, OldChest).problems).toMatchObject([
      { path: 'chest' },
    ]);
  });

  it.each([['constructor'], ['__proto__'], ['toString'], ['refuseTooMuch']])(
    'are not what every object has: %s',
    (key) => {
      const raw = JSON.parse(`{"owners":"any","${key}":{"x":1}}`) as object;
      expect(read(raw).problems).toMatchObject([{ path: `chest.${key}`, found: 'an unknown key' }]);
    },
  );
});
