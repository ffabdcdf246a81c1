import { describe, expect, it } from 'vitest';
import { RecordedProblems } from '../../../test/builders/recorded-problems.js';
import { ListOf, Section, TextList } from './composite-fields.js';
import { FileText, unreadable } from './field.js';
import { readSection } from './read-section.js';
import { DurationField, FileField, FlagField, SecretField, SizeField, TextField } from './scalar-fields.js';
import { showSection } from './show-section.js';

class Drawer {
  @TextField('what is in it', { required: true })
  readonly content!: string;

  @SecretField('what opens it')
  readonly secret?: string;
}

class Cupboard {
  @Section('the upper one', () => Drawer)
  readonly upper?: Drawer;

  @ListOf('the lower ones', () => Drawer, { default: [] })
  readonly lower!: readonly Drawer[];

  @DurationField('how long it stands', { default: 90_000, min: 0, max: 1e9 })
  readonly age!: number;

  @SizeField('how much goes into it', { default: 2_048, min: 0, max: 1e9 })
  readonly room!: number;

  @FlagField('whether it is locked', { default: false })
  readonly isLocked!: boolean;

  @TextList('who may open it', { default: [] })
  readonly people!: readonly string[];

  @FileField('its plan')
  readonly plan?: FileText;
}

const reading = {
  file: (name: string) => new FileText(`/etc/${name}`, 'a secret'),
  isSubstituted: () => false,
  isDemo: true,
};

function shown(written: object): unknown {
  const found = new RecordedProblems();
  const section = readSection(Cupboard, written, found.place(), reading);
  found.expectNone();
  return section === unreadable ? undefined : showSection(Cupboard, section);
}

describe('a section as it is in force', () => {
  it('has every default, written as in a file', () => {
    expect(shown({})).toEqual({ lower: [], age: '90s', room: '2KiB', isLocked: false, people: [] });
  });

  it('shows sections within it, and neither secrets nor the content of files', () => {
    const drawer = { content: 'socks', secret: 'Wq7Zt3Lm9XcVb5NhTy2KPf4G' };
    const written = { upper: drawer, lower: [drawer], plan: 'plan.txt', people: ['alice'] };
    const seen = { content: 'socks', secret: '(not shown)' };
    expect(shown(written)).toMatchObject({ upper: seen, lower: [seen], plan: '/etc/plan.txt', people: ['alice'] });
    expect(JSON.stringify(shown(written))).not.toMatch(/Wq7Zt3|a secret/);
  });
});
