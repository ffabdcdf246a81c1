import type { Pause } from '../pause.js';
import type { OwnerRights } from './owner-rights.js';
import type { Place } from './place.js';
import type { SectionForm } from './section-form.js';
import type { Written } from './written.js';
import { isDeepStrictEqual } from 'node:util';
import { declareField, type SectionClass } from './field.js';

/**
 * A section of the configuration file with everything that the program does with it. Each feature has its own, beside the
 * class of the section; one list registers them (`app/sections.ts`), and whatever depends on which sections there are is
 * derived from that list.
 *
 * `Section` is what is read of the file, `Prepared` what that becomes before it comes into force.
 */
export interface ConfigurationSection<Key extends string, Section, Prepared> {
  /** Its key in the file. */
  readonly key: Key;
  readonly form: SectionForm<Section>;
  /** Members that have names of their own in logs and in the audit trail; absent: the section is one part, named as its key. */
  readonly parts?: NamedParts<Section>;
  /** Writes out what a member of its list says in short, before anything is read of it. What it cannot read it gives back. */
  fillIn?(written: unknown, place: Place): unknown;
  /** Refuses what the file says twice, and what it says of other sections that is not so. */
  checkWritten?(file: Written): void;
  /**
   * Refuses what a member of its list, in an included file with no more rights than these, must not say. A list of registrations without this
   * is closed to such files.
   */
  refuseUngranted?(member: Written, rights: OwnerRights): void;
  /**
   * Makes it ready: does everything that can fail or take time. Where something was refused below the place, the result is
   * not used.
   */
  prepare(section: Section, context: PreparationContext): Prepared | Promise<Prepared>;
  /** Settings that differ and take effect only with the next start, such as `server.http`. */
  needsRestart(before: Section, after: Section): readonly string[];
}

/** The members of a section that have names. */
export interface NamedParts<Section> {
  /** What one of them is called, such as `issuer`. */
  readonly kind: string;
  of(section: Section): readonly { readonly id: string }[];
}

/** What making a section ready may need from outside. */
export interface PreparationContext {
  /** The place of the section. */
  readonly place: Place;
  /** Wall time, milliseconds since the epoch. */
  readonly nowMs: number;
  readonly pause: Pause;
  /** What was read of another section. */
  readonly sectionOf: <Section>(section: ReadAs<Section>) => Section;
}

/** A section that is read as this type. */
export type ReadAs<Section> = ConfigurationSection<string, Section, unknown>;

/** A section that is made ready as this type. */
export type PreparedAs<Prepared> = ConfigurationSection<string, unknown, Prepared>;

/** The sections of a file. */
export type Sections = readonly ConfigurationSection<string, unknown, unknown>[];

/** What is read of a file with these sections, by their keys. */
export type ConfigurationOf<All extends Sections> = {
  readonly [Each in All[number] as Each['key']]: Each extends ReadAs<infer Section> ? Section : never;
};

/** What is made ready of a file with these sections, by their keys. */
export type PreparedOf<All extends Sections> = {
  readonly [Each in All[number] as Each['key']]: Each extends PreparedAs<infer Prepared> ? Prepared : never;
};

/** Whether two values of a configuration say something else. */
export function differ(one: unknown, other: unknown): boolean {
  return !isDeepStrictEqual(one, other);
}

/** Those of the settings `names` of a section that say something else, each with the key of the section before it. */
export function changedSettings<Section>(
  key: string,
  before: Section,
  after: Section,
  names: readonly (keyof Section & string)[],
): readonly string[] {
  return names.filter((name) => differ(before[name], after[name])).map((name) => `${key}.${name}`);
}

/** The whole file as a class, from which the schema and the documentation are made like those of any section. */
export function rootSection(sections: Sections): SectionClass {
  class Configuration {}
  for (const { key, form } of sections) declareField(form.field)(Configuration.prototype, key);
  return Configuration;
}
