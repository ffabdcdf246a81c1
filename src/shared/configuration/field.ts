/**
 * A key of the configuration, described once by a decorator at a property of its section: the loader, the JSON Schema and the documentation are
 * made from these descriptions.
 */
import 'reflect-metadata';
import type { Place } from './place.js';

/** A file that the configuration names, read together with it. Its path is watched. */
export class FileText {
  constructor(
    /** Absolute path. */
    readonly path: string,
    /** Content, decoded as UTF-8. */
    readonly text: string,
  ) {}
}

/** A class whose decorated fields are the keys of one mapping in the file. */
export type SectionClass<T extends object = object> = abstract new () => T;

/** A JSON Schema (2020-12), as far as we write one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What reading a value may need from outside, beside the place that takes what is wrong with it. */
export interface Reading {
  /**
   * Reads a file that the configuration names.
   * @param place where it names it
   * @returns why not, as a phrase, where it cannot be read
   */
  readonly file: (name: string, place: Place) => FileText | string;
  /** Whether the text at this path came from the environment or from a file; such a text is never shown. */
  readonly isSubstituted: (path: string) => boolean;
  /** Demo mode: secrets may be written literally. */
  readonly isDemo: boolean;
}

/** Stands for a value that could not be read, after the problem was reported. */
export const unreadable = Symbol('unreadable');

/** What a user of a field should know; written once, and read by the loader, the schema and the documentation. */
export interface FieldOptions {
  /** Absent: the key may be left out. */
  readonly required?: boolean;
  /** Another key of the section that may say it in short, so that it need not be written: see `ConfigurationSection.fillIn`. */
  readonly filledInBy?: string;
  /** For the documentation. */
  readonly example?: unknown;
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
  /** The key of that section that names a member: the list may also be written as a mapping from these names. */
  readonly keyedBy?: string;
}

/** One key of a section. */
export interface Field extends FieldDescription {
  /** Turns what the file says into what the program uses. @returns {@link unreadable} after reporting */
  read(raw: unknown, place: Place, reading: Reading): unknown;
}

/** A key whose value is a list of sections. There may be thousands, so that they can be read one by one. */
export interface ListField extends Field {
  /** The members, none of them read yet. @returns {@link unreadable} after reporting */
  membersOf(raw: unknown, place: Place): readonly unknown[] | typeof unreadable;
}

const fieldsKey = Symbol('fields');

/** Declares a property as a key of its section. */
export function declareField(field: Field): PropertyDecorator {
  return (prototype, name) => {
    const earlier = Reflect.getMetadata(fieldsKey, prototype) as ReadonlyMap<string, Field> | undefined;
    Reflect.defineMetadata(fieldsKey, new Map([...(earlier ?? []), [String(name), field]]), prototype);
  };
}

/** The keys of a section, in the order in which they are declared. */
export function fieldsOf(section: SectionClass): ReadonlyMap<string, Field> {
  const fields = Reflect.getMetadata(fieldsKey, section.prototype as object) as ReadonlyMap<string, Field> | undefined;
  return fields ?? new Map<string, Field>();
}

/** Judges several fields together, and reports what does not fit. */
export type RuleCheck = (place: Place) => void;

/** A rule between fields of one section. */
export interface SectionRule {
  readonly fields: readonly string[];
  /** The method of the section that judges. */
  readonly method: string;
}

type RuleDecorator = (prototype: object, method: string, descriptor: TypedPropertyDescriptor<RuleCheck>) => void;

const rulesKey = Symbol('rules');

/** Declares a method as a rule between `fields`: judged as soon as these are sound, whatever is wrong elsewhere. */
export function Rule(...fields: readonly string[]): RuleDecorator {
  return (prototype, method) => {
    const earlier = (Reflect.getMetadata(rulesKey, prototype) ?? []) as readonly SectionRule[];
    Reflect.defineMetadata(rulesKey, [...earlier, { fields, method }], prototype);
  };
}

/** The rules of a section, in the order in which they are declared. */
export function rulesOf(section: SectionClass): readonly SectionRule[] {
  return (Reflect.getMetadata(rulesKey, section.prototype as object) ?? []) as readonly SectionRule[];
}
