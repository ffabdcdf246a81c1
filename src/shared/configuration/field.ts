import 'reflect-metadata';
import type { Steps } from '../steps.js';
import type { FileText } from './file-text.js';
import type { ProblemReporter } from './problem.js';

/** A class whose decorated fields are the keys of one mapping in the file. */
export type SectionClass<T extends object = object> = abstract new () => T;

/** A JSON Schema (2020-12), as far as we write one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What reading a value may need from outside. */
export interface Reading {
  /** Hears of what cannot be used. */
  readonly report: ProblemReporter;
  /** Hears of what works and should not. */
  readonly warn: ProblemReporter;
  /** Reads a file that the configuration names. @returns why not, as a phrase, where it cannot be read */
  readonly file: (name: string) => FileText | string;
  /** Whether the text at this path came from the environment or from a file; such a text is never shown. */
  readonly isSubstituted: (path: string) => boolean;
  /** Demo mode: secrets may be written literally. */
  readonly isDemo: boolean;
}

/** Stands for a value that could not be read, after the problem was reported. */
export const unreadable = Symbol('unreadable');

/** What somebody who sets a field should know; written once, and read by the loader, the schema and the documentation. */
export interface FieldOptions {
  /** Absent: the key may be left out. */
  readonly required?: boolean;
  /** For the documentation. */
  readonly example?: unknown;
  /**
   * The feature behind it is not part of this version: `refuse` where doing without it would be less safe than the file
   * says, `warn` where everybody can see that it is not there.
   */
  readonly unavailable?: 'refuse' | 'warn';
}

/** What is known of one key of a section. */
interface FieldDescription extends FieldOptions {
  readonly description: string;
  /** How the documentation names its type. */
  readonly type: string;
  readonly schema: JsonSchema;
  /** Taken where the key is left out; written as in a file. */
  readonly default?: unknown;
  /** Its value must not be shown. */
  readonly secret?: boolean;
  /** The section of the value, or of each member of the list. */
  readonly section?: () => SectionClass;
  /** The key of that section that a plain text stands for. */
  readonly shortForm?: string;
}

/** A key whose value one look decides. */
export interface PlainField extends FieldDescription {
  /** Turns what the file says into what the program uses. @returns {@link unreadable} after reporting */
  read(raw: unknown, path: string, reading: Reading): unknown;
}

/** A key whose value has sections in it: there may be thousands. */
export interface CompositeField extends FieldDescription {
  /** As {@link PlainField.read}, with a pause behind each section. */
  readInSteps(raw: unknown, path: string, reading: Reading): Steps<unknown>;
}

/** One key of a section. */
export type Field = PlainField | CompositeField;

const metadataKey = Symbol('fields');

/** Declares a property as a key of its section. */
export function declareField(field: Field): PropertyDecorator {
  return (prototype, name) => {
    const earlier = Reflect.getMetadata(metadataKey, prototype) as ReadonlyMap<string, Field> | undefined;
    Reflect.defineMetadata(metadataKey, new Map([...(earlier ?? []), [String(name), field]]), prototype);
  };
}

/** The keys of a section, in the order in which they are declared. */
export function fieldsOf(section: SectionClass): ReadonlyMap<string, Field> {
  const fields = Reflect.getMetadata(metadataKey, section.prototype as object) as
    ReadonlyMap<string, Field> | undefined;
  return fields ?? new Map<string, Field>();
}
