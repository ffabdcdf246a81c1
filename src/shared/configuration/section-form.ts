import type { Pause } from '../pause.js';
import { listField, sectionField, wholeOf } from './composite-fields.js';
import { unreadable, type Field, type ListField, type Reading, type SectionClass } from './field.js';
import type { Place } from './place.js';
import { givenOr, readSection } from './read-section.js';

/** How a section stands in the file, so that the type of what is read of it follows from its declaration. */
export interface SectionForm<Section> {
  /** Its declaration, from which the schema and the documentation are made. */
  readonly field: Field;
  /** Reads what is written for its key. Pauses before each member of a list. @returns {@link unreadable} after refusing */
  read(given: unknown, place: Place, reading: Reading, pause: Pause): Promise<Section | typeof unreadable>;
  /**
   * Reads what can be read of it in a file with problems, so that what shows only when it is made ready is reported together
   * with them. In a list a hole stands for a member that cannot be read: it keeps the indices right, and `map`, `flatMap` and
   * `forEach` pass it by.
   * @param place takes what was refused before
   */
  readSound(given: unknown, place: Place, reading: Reading, pause: Pause): Promise<Section>;
}

/**
 * A mapping that is always there: left out, its fields have their own defaults.
 * @param standIn what other sections are given where it cannot be read, as it would be written: a setting whose absence
 *   would be a problem of theirs
 */
export function sectionWithDefaults<T extends object>(
  description: string,
  section: () => SectionClass<T>,
  standIn: Readonly<Record<string, unknown>> = {},
): SectionForm<T> {
  const field = sectionField(description, section, { default: {} });
  const read = (given: unknown, place: Place, reading: Reading) =>
    readSection(section(), givenOr(field, given, place), place, reading);
  return {
    field,
    read: (given, place, reading) => Promise.resolve(read(given, place, reading)),
    readSound: (given, place, reading) => {
      const value = read(given, place, reading);
      return Promise.resolve(value === unreadable ? soundly(read(standIn, place.again(), reading)) : value);
    },
  };
}

/** A mapping that may be left out: what it is about is then not there. */
export function optionalSection<T extends object>(
  description: string,
  section: () => SectionClass<T>,
): SectionForm<T | undefined> {
  const read = (given: unknown, place: Place, reading: Reading) =>
    given === undefined || given === null ? undefined : readSection(section(), given, place, reading);
  return {
    field: sectionField(description, section),
    read: (given, place, reading) => Promise.resolve(read(given, place, reading)),
    readSound: (given, place, reading) => {
      const value = read(given, place, reading);
      return Promise.resolve(value === unreadable ? undefined : value);
    },
  };
}

/** A value that is no mapping, and may be left out. */
export function optionalValue<T>(field: Field, leftOut: T): SectionForm<T> {
  const read = (given: unknown, place: Place, reading: Reading): T | typeof unreadable =>
    given === undefined || given === null ? leftOut : (field.read(given, place, reading) as T | typeof unreadable);
  return {
    field,
    read: (given, place, reading) => Promise.resolve(read(given, place, reading)),
    readSound: (given, place, reading) => {
      const value = read(given, place, reading);
      return Promise.resolve(value === unreadable ? leftOut : value);
    },
  };
}

/**
 * Mappings that must be written out, as a list or as a mapping from the names that their key `keyedBy` would say. They are
 * given as a list.
 */
export function requiredList<T extends object>(
  description: string,
  section: () => SectionClass<T>,
  { keyedBy }: { readonly keyedBy?: string } = {},
): SectionForm<readonly T[]> {
  return listForm(
    section,
    listField(description, section, { required: true, ...(keyedBy !== undefined && { keyedBy }) }),
  );
}

/** As {@link requiredList}, where leaving it out means that there are none. */
export function optionalList<T extends object>(
  description: string,
  section: () => SectionClass<T>,
  { keyedBy }: { readonly keyedBy: string },
): SectionForm<readonly T[]> {
  return listForm(section, listField(description, section, { default: [], keyedBy }));
}

function listForm<T extends object>(section: () => SectionClass<T>, field: ListField): SectionForm<readonly T[]> {
  const membersOf = (given: unknown, place: Place): readonly unknown[] | typeof unreadable => {
    const raw = givenOr(field, given, place);
    return raw === unreadable ? raw : field.membersOf(raw, place);
  };
  return {
    field,
    async read(given, place, reading, pause) {
      const written = membersOf(given, place);
      if (written === unreadable) return written;
      const members: (T | typeof unreadable)[] = [];
      for (const [i, member] of written.entries()) {
        await pause();
        members.push(readSection(section(), member, place.at(i), reading));
      }
      return wholeOf(members);
    },
    async readSound(given, place, reading, pause) {
      const written = membersOf(given, place);
      const members: T[] = [];
      if (written === unreadable) return members;
      for (const [i, member] of written.entries()) {
        await pause();
        const value = readSection(section(), member, place.at(i), reading);
        if (value !== unreadable) members[i] = value;
      }
      return members;
    },
  };
}

function soundly<T>(value: T | typeof unreadable): T {
  if (value === unreadable) throw new TypeError('what stands in for a section cannot be read');
  return value;
}
