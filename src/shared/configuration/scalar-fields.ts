/** Fields of the configuration with a single value: texts, numbers, durations, sizes and words. */
import { IsIn, IsInt, IsNumber, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { describe, describeKind } from './describe.js';
import { formatDuration, parseDuration, formatSize, parseSize } from './quantities.js';
import { declareField, unreadable, type Field, type FieldOptions, type JsonSchema, type Reading } from './field.js';
import type { Place } from './place.js';

/** Longest text of a field that says nothing else, in UTF-16 code units. */
const LONGEST_TEXT = 2_048;

/** Bounds and default of a number; of a duration in milliseconds, of a size in bytes. */
export interface NumberOptions extends FieldOptions {
  readonly default?: number;
  readonly min: number;
  readonly max: number;
}

/** What a text must look like, in a pattern and in words. */
export interface TextOptions extends FieldOptions {
  readonly default?: string;
  readonly pattern?: RegExp;
  /** Required with a pattern: what it demands, as a sentence. */
  readonly expected?: string;
}

/** A text, at least one character long. */
export function TextField(description: string, { pattern, expected = 'a text', ...options }: TextOptions = {}) {
  const schema = { type: 'string', minLength: 1, maxLength: LONGEST_TEXT, ...(pattern && { pattern: pattern.source }) };
  const message = expected;
  return both(
    scalar({ ...options, description, type: 'text', schema }, expected, textOf),
    MinLength(1, { message }),
    MaxLength(LONGEST_TEXT, { message: `at most ${LONGEST_TEXT} characters` }),
    ...(pattern ? [Matches(pattern, { message })] : []),
  );
}

/** A text that is never shown, and that does not belong into the file itself. */
export function SecretField(description: string, options: FieldOptions = {}) {
  const expected = 'a text, as ${file:/path} or ${env:NAME}';
  const schema = { type: 'string', minLength: 1 };
  const field = scalar(
    { ...options, description, type: 'secret', schema, secret: true },
    expected,
    textOf,
    warnIfLiteral,
  );
  return both(field, MinLength(1, { message: expected }));
}

/** One of a few words. @param options `others`: what to do instead of another word that one would expect there */
export function OneOfField<Word extends string>(
  description: string,
  {
    words,
    others,
    ...options
  }: FieldOptions & { readonly words: readonly Word[]; readonly default?: Word; readonly others?: string },
) {
  const expected = others === undefined ? oneOf(words) : `${oneOf(words)}; ${others}`;
  const field = { ...options, description, type: words.join(' | '), schema: orSubstituted({ enum: words }) };
  return both(scalar(field, expected, textOf), IsIn([...words], { message: expected }));
}

/** `true` or `false`. */
export function FlagField(description: string, options: FieldOptions & { readonly default?: boolean } = {}) {
  const field = { ...options, description, type: 'true | false', schema: orSubstituted({ type: 'boolean' }) };
  return scalar(field, 'true or false', (raw, substituted) => {
    if (typeof raw === 'boolean') return raw;
    return substituted ? flags.get(raw) : undefined;
  });
}

const flags: ReadonlyMap<unknown, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** A whole number. */
export function IntegerField(description: string, { min, max, ...options }: NumberOptions) {
  const expected = `a whole number from ${min} to ${max}`;
  const schema = orSubstituted({ type: 'integer', minimum: min, maximum: max });
  const field = scalar({ ...options, description, type: 'whole number', schema }, expected, numberOf);
  return both(field, IsInt({ message: expected }), ...within(min, max, expected));
}

/** A number. */
export function NumberField(description: string, { min, max, ...options }: NumberOptions) {
  const expected = `a number from ${min} to ${max}`;
  const schema = orSubstituted({ type: 'number', minimum: min, maximum: max });
  const field = scalar({ ...options, description, type: 'number', schema }, expected, numberOf);
  return both(field, IsNumber({}, { message: expected }), ...within(min, max, expected));
}

/** A duration such as `30s`; the program gets milliseconds. */
export function DurationField(description: string, { min, max, ...options }: NumberOptions) {
  const range = `from ${formatDuration(min)} to ${formatDuration(max)}`;
  const expected = `a duration with its unit (500ms, 30s, 5m, 4h), ${range}`;
  const schema = orSubstituted({ type: 'string', pattern: '^\\d{1,15}(ms|s|m|h|d)$' });
  const field = {
    ...written(options, formatDuration),
    description: `${description} (${range})`,
    type: 'duration',
    schema,
  };
  return both(
    scalar(field, expected, (raw) => parsed(raw, parseDuration)),
    ...within(min, max, expected),
  );
}

/** A size such as `256KiB`; the program gets bytes. */
export function SizeField(description: string, { min, max, ...options }: NumberOptions) {
  const range = `from ${formatSize(min)} to ${formatSize(max)}`;
  const expected = `a size with its unit (512B, 256KiB, 1MiB), ${range}`;
  const schema = orSubstituted({ type: 'string', pattern: '^\\d{1,12}(B|KiB|MiB|GiB)$' });
  const field = { ...written(options, formatSize), description: `${description} (${range})`, type: 'size', schema };
  return both(
    scalar(field, expected, (raw) => parsed(raw, parseSize)),
    ...within(min, max, expected),
  );
}

/** The name of a file, absolute or relative to the configuration; the program gets its text, read together with it. */
export function FileField(description: string, options: FieldOptions = {}) {
  const schema = { type: 'string', minLength: 1 };
  return declareField({
    ...options,
    description,
    type: 'file',
    schema,
    read(raw, place, reading) {
      const file = typeof raw === 'string' && raw !== '' ? reading.file(raw, place) : 'not the name of a file';
      if (typeof file !== 'string') return file;
      place.refuse(`${describe(raw)}: ${file}`, 'the name of a file that can be read');
      return unreadable;
    },
  });
}

type Parse = (raw: unknown, isSubstituted: boolean) => unknown;

/** A field of a single value; its range is left to the validators beside it. */
function scalar(field: Omit<Field, 'read'>, expected: string, parse: Parse, remark?: Field['read']): PropertyDecorator {
  return declareField({
    ...field,
    read(raw, place, reading) {
      const isSubstituted = reading.isSubstituted(place.path);
      const value = parse(raw, isSubstituted);
      if (value !== undefined) {
        remark?.(raw, place, reading);
        return value;
      }
      place.refuse(field.secret || isSubstituted ? describeKind(raw) : describe(raw), expected);
      return unreadable;
    },
  });
}

function textOf(raw: unknown): unknown {
  return typeof raw === 'string' ? raw : undefined;
}

/** Text that came from the environment has no type of its own; text in the file that looks like a number is a mistake. */
function numberOf(raw: unknown, isSubstituted: boolean): unknown {
  if (typeof raw === 'number') return raw;
  return isSubstituted && typeof raw === 'string' && /^-?\d+(\.\d+)?$/.test(raw) ? Number(raw) : undefined;
}

function parsed(raw: unknown, parse: (text: string) => number | undefined): unknown {
  return typeof raw === 'string' ? parse(raw) : undefined;
}

function warnIfLiteral(raw: unknown, place: Place, reading: Reading): void {
  if (reading.isDemo || reading.isSubstituted(place.path) || isUrlWithoutSecret(raw)) return;
  place.warn('a secret written into the file', '${file:/path} or ${env:NAME}');
}

/** Where a URL is the secret, it is for the password in it; a user alone is a name for Redis, and may be a token elsewhere. */
function isUrlWithoutSecret(raw: unknown): boolean {
  return typeof raw === 'string' && /^(rediss?:\/\/([^:@/]*@)?|[a-z]+:\/\/)[^@]*$/.test(raw);
}

/** A default that is a number in code and a text in the file. */
function written(options: Omit<NumberOptions, 'min' | 'max'>, format: (value: number) => string) {
  const { default: value, ...others } = options;
  return value === undefined ? others : { ...others, default: format(value) };
}

function within(min: number, max: number, message: string): readonly PropertyDecorator[] {
  return [Min(min, { message }), Max(max, { message })];
}

function both(...decorators: readonly PropertyDecorator[]): PropertyDecorator {
  return (prototype, name) => {
    for (const decorate of decorators) decorate(prototype, name);
  };
}

/** Any scalar may also come from the environment or from a file. */
function orSubstituted(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { $ref: '#/$defs/substitution' }] };
}

/** `one of a, b, c`, or the word itself where there is only one. */
function oneOf(words: readonly string[]): string {
  return words.length === 1 ? (words[0] ?? '') : `one of ${words.join(', ')}`;
}
