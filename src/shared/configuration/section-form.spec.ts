import { describe, expect, it } from 'vitest';
import { RecordedProblems } from '../../../test/builders/recorded-problems.js';
import { noPause } from '../pause.js';
import { unreadable, type Reading } from './field.js';
import { IntegerField, TextField } from './scalar-fields.js';
import { optionalSection, requiredList, sectionWithDefaults, type SectionForm } from './section-form.js';

class Drawer {
  @TextField('what is in it', { required: true })
  readonly content!: string;
}

class Room {
  @IntegerField('its height', { default: 3, min: 1, max: 9 })
  readonly height!: number;

  @TextField('its name')
  readonly name?: string;
}

const reading: Reading = { file: () => 'there is no such file', isSubstituted: () => false, isDemo: false };

async function read(form: SectionForm<unknown>, given: unknown) {
  const [strict, sound] = [new RecordedProblems(), new RecordedProblems()];
  const value = await form.read(given, strict.place('at'), reading, noPause);
  const part = await form.readSound(given, sound.place('at'), reading, noPause);
  return { value, part, paths: strict.paths };
}

describe('a section with defaults', () => {
  const form = sectionWithDefaults('a room', () => Room, { name: 'unnamed' });

  it.each([[undefined], [null], [{}]])('is there when %j is written', async (given) => {
    expect(await read(form, given)).toEqual({ value: { height: 3 }, part: { height: 3 }, paths: [] });
  });

  it('has a stand-in where it cannot be read', async () => {
    const result = await read(form, { height: 99, name: 'kitchen' });
    expect(result).toEqual({ value: unreadable, part: { height: 3, name: 'unnamed' }, paths: ['at.height'] });
  });
});

describe('an optional section', () => {
  const form = optionalSection('a drawer', () => Drawer);

  it('may be left out', async () => {
    expect(await read(form, null)).toEqual({ value: undefined, part: undefined, paths: [] });
    expect((await read(form, { content: 'x' })).value).toEqual({ content: 'x' });
  });

  it('counts as left out where it cannot be read', async () => {
    expect(await read(form, {})).toEqual({ value: unreadable, part: undefined, paths: ['at.content'] });
  });
});

describe('a required list', () => {
  const form = requiredList('drawers', () => Drawer);

  it('is read member by member', async () => {
    const { value, paths } = await read(form, [{ content: 'a' }, { content: 'b' }]);
    expect([value, paths]).toEqual([[{ content: 'a' }, { content: 'b' }], []]);
    expect(Object.isFrozen(value)).toBe(true);
  });

  it.each([[undefined], ['a text'], [{}]])('is refused where %j is written', async (given) => {
    expect(await read(form, given)).toEqual({ value: unreadable, part: [], paths: ['at'] });
  });

  it('has a hole where a member cannot be read', async () => {
    const { value, part, paths } = await read(form, [{ content: 'a' }, {}, { content: 'c' }]);
    expect([value, paths]).toEqual([unreadable, ['at[1].content']]);
    expect(Object.entries(part as object)).toEqual([
      ['0', { content: 'a' }],
      ['2', { content: 'c' }],
    ]);
  });
});
