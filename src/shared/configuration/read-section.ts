import { validateSync } from 'class-validator';
import type { Steps } from '../steps.js';
import { closest } from './closest.js';
import { describe, describeKind } from './describe.js';
import { fieldsOf, unreadable, type Field, type Reading, type SectionClass } from './field.js';
import { pathTo } from './path.js';
import type { ConfigurationProblem } from './problem.js';
import { rulesOf, type RuleCheck } from './rule.js';

/**
 * Reads one mapping of the file as a section: no unknown key, every required one, each value of its type and in its
 * range, the rules between them. Reports every problem, not only the first. Pauses behind each section.
 * @param raw the mapping, with `${…}` replaced
 * @returns the section, frozen; {@link unreadable} where there was a problem
 */
export function* readSection<T extends object>(
  section: SectionClass<T>,
  raw: unknown,
  path: string,
  outer: Reading,
): Steps<T | typeof unreadable> {
  if (!isMapping(raw)) {
    outer.report({ path, found: describeKind(raw), expected: 'a mapping' });
    return unreadable;
  }
  const problems: ConfigurationProblem[] = [];
  const reading: Reading = { ...outer, report: (problem) => void problems.push(problem) };
  reportUnknownKeys(raw, [...fieldsOf(section).keys()], path, reading);
  const instance = yield* readFields(section, raw, path, reading);
  yield;
  for (const problem of problems) outer.report(problem);
  return problems.length === 0 ? Object.freeze(instance) : unreadable;
}

type Mapping = Readonly<Record<string, unknown>>;

function* readFields<T extends object>(
  section: SectionClass<T>,
  raw: Mapping,
  path: string,
  reading: Reading,
): Steps<T> {
  // Not constructed: a field that was left out is absent, not `undefined`.
  const instance = Object.create(section.prototype as object) as T;
  const unsound = new Set<string>();
  for (const [name, field] of fieldsOf(section)) {
    const value = yield* readField(field, raw[name], pathTo(path, name), reading);
    if (value === unreadable) unsound.add(name);
    else if (value !== undefined) Object.defineProperty(instance, name, { value, enumerable: true });
  }
  for (const name of reportInvalid(section, instance, raw, path, reading)) unsound.add(name);
  for (const { fields, method } of rulesOf(section)) {
    const check = (instance as Readonly<Record<string, RuleCheck>>)[method];
    if (!fields.some((field) => unsound.has(field))) check?.call(instance, path, reading);
  }
  return instance;
}

function* readField(field: Field, given: unknown, path: string, reading: Reading): Steps<unknown> {
  const raw = given ?? field.default;
  if (raw === undefined) {
    if (!field.required) return undefined;
    reading.report({ path, found: 'nothing', expected: `${field.type}; it must be written out` });
    return unreadable;
  }
  if (field.unavailable && given !== undefined && !isSwitchedOff(given)) reportUnavailable(field, path, reading);
  return 'read' in field ? field.read(raw, path, reading) : yield* field.readInSteps(raw, path, reading);
}

function reportUnavailable({ unavailable }: Field, path: string, { report, warn }: Reading): void {
  const problem = { path, found: 'a feature that is not available in this version', expected: 'nothing here' };
  if (unavailable === 'refuse') report(problem);
  else warn(problem);
}

function isSwitchedOff(raw: unknown): boolean {
  return raw === false || (isMapping(raw) && raw['enabled'] === false);
}

function reportUnknownKeys(raw: Mapping, known: readonly string[], path: string, reading: Reading): void {
  for (const key of Object.keys(raw).filter((each) => !known.includes(each))) {
    const near = closest(key, known);
    const expected = `one of ${known.join(', ')}${near === undefined ? '' : `; did you mean ${near}?`}`;
    reading.report({ path: pathTo(path, key), found: 'an unknown key', expected });
  }
}

/** What the validators of the fields say: ranges, patterns, words. @returns the fields that they refuse */
function reportInvalid(
  section: SectionClass,
  instance: object,
  raw: Mapping,
  path: string,
  reading: Reading,
): readonly string[] {
  const fields = fieldsOf(section);
  const errors = validateSync(instance, { skipMissingProperties: true, forbidUnknownValues: false });
  for (const { property, constraints } of errors) {
    const at = pathTo(path, property);
    const isHidden = fields.get(property)?.secret ?? reading.isSubstituted(at);
    const [expected = 'something else'] = Object.values(constraints ?? {});
    reading.report({ path: at, found: isHidden ? describeKind(raw[property]) : describe(raw[property]), expected });
  }
  return errors.map(({ property }) => property);
}

function isMapping(raw: unknown): raw is Mapping {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}
