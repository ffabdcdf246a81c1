import { validateSync } from 'class-validator';
import { closest } from './closest.js';
import { describe, describeKind } from './describe.js';
import { fieldsOf, unreadable, type Field, type Reading, type SectionClass, rulesOf, type RuleCheck } from './field.js';
import type { Place } from './place.js';

/**
 * Reads one mapping of the file as a section: no unknown key, every required one, each value of its type and in its
 * range, the rules between them. Reports every problem, not only the first.
 * @param raw the mapping, with `${…}` replaced
 * @returns the section, frozen; {@link unreadable} where there was a problem
 */
export function readSection<T extends object>(
  section: SectionClass<T>,
  raw: unknown,
  place: Place,
  reading: Reading,
): T | typeof unreadable {
  if (!isMapping(raw)) {
    place.refuse(describeKind(raw), 'a mapping');
    return unreadable;
  }
  refuseUnknownKeys(raw, [...fieldsOf(section).keys()], place);
  const instance = readFields(section, raw, place, reading);
  return place.isSound ? Object.freeze(instance) : unreadable;
}

/** A mapping of which no key has been read yet. */
export type Mapping = Readonly<Record<string, unknown>>;

function readFields<T extends object>(section: SectionClass<T>, raw: Mapping, place: Place, reading: Reading): T {
  // Not constructed: a field that was left out is absent, not `undefined`.
  const instance = Object.create(section.prototype as object) as T;
  const unsound = new Set<string>();
  for (const [name, field] of fieldsOf(section)) {
    const at = place.at(name);
    const given = givenOr(field, raw[name], at);
    const value = given === undefined || given === unreadable ? given : field.read(given, at, reading);
    if (value === unreadable) unsound.add(name);
    else if (value !== undefined) Object.defineProperty(instance, name, { value, enumerable: true });
  }
  for (const name of refuseInvalid(section, instance, raw, place, reading)) unsound.add(name);
  for (const { fields, method } of rulesOf(section)) {
    const check = (instance as Readonly<Record<string, RuleCheck>>)[method];
    if (!fields.some((field) => unsound.has(field))) check?.call(instance, place);
  }
  return instance;
}

/**
 * What is written for a field, or else its default.
 * @returns `undefined` where the field may be left out and was; {@link unreadable} after refusing that a required one was
 */
export function givenOr(field: Field, given: unknown, place: Place): unknown {
  const raw = given ?? field.default;
  if (raw !== undefined) return raw;
  if (!field.required) return undefined;
  place.refuse('nothing', `${field.type}; it must be written out`);
  return unreadable;
}

/** Refuses each key that is not among `known`, with the one that was probably meant. */
export function refuseUnknownKeys(raw: Mapping, known: readonly string[], place: Place): void {
  for (const key of Object.keys(raw).filter((each) => !known.includes(each))) {
    const near = closest(key, known);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    place.at(key).refuse('an unknown key', `one of ${known.join(', ')}${hint}`);
  }
}

/** What the validators of the fields say: ranges, patterns, words. @returns the fields that they refuse */
function refuseInvalid(
  section: SectionClass,
  instance: object,
  raw: Mapping,
  place: Place,
  reading: Reading,
): readonly string[] {
  const fields = fieldsOf(section);
  const errors = validateSync(instance, { skipMissingProperties: true, forbidUnknownValues: false });
  for (const { property, constraints } of errors) {
    const at = place.at(property);
    const isHidden = fields.get(property)?.secret ?? reading.isSubstituted(at.path);
    const [expected = 'something else'] = Object.values(constraints ?? {});
    at.refuse(isHidden ? describeKind(raw[property]) : describe(raw[property]), expected);
  }
  return errors.map(({ property }) => property);
}

/** Whether it has keys. */
export function isMapping(raw: unknown): raw is Mapping {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}
