import { validateSync } from 'class-validator';
import { closest } from './closest.js';
import { describe, describeKind } from './describe.js';
import { fieldsOf, unreadable, type Field, type Reading, type SectionClass } from './field.js';
import type { ConfigurationProblem } from './problem.js';

/** A section that has rules between its fields. Called once every field is sound by itself. */
export interface CrossChecked {
  check(path: string, reading: Reading): void;
}

/**
 * Reads one mapping of the file as a section: no unknown key, every required one, each value of its type and in its
 * range, the rules between them. Reports every problem, not only the first.
 * @param raw the mapping, with `${…}` replaced
 * @returns the section, frozen; {@link unreadable} where there was a problem
 */
export function readSection<T extends object>(
  section: SectionClass<T>,
  raw: unknown,
  path: string,
  outer: Reading,
): T | typeof unreadable {
  const problems: ConfigurationProblem[] = [];
  const reading: Reading = { ...outer, report: (problem) => void problems.push(problem) };
  const instance = isMapping(raw) ? readFields(section, raw, path, reading) : undefined;
  if (!instance) reading.report({ path, found: describeKind(raw), expected: 'a mapping' });
  if (instance && problems.length === 0 && isCrossChecked(instance)) instance.check(path, reading);
  for (const problem of problems) outer.report(problem);
  return instance && problems.length === 0 ? Object.freeze(instance) : unreadable;
}

function readFields<T extends object>(
  section: SectionClass<T>,
  raw: Readonly<Record<string, unknown>>,
  path: string,
  reading: Reading,
): T {
  const fields = fieldsOf(section);
  reportUnknownKeys(raw, [...fields.keys()], path, reading);
  // Not constructed: a field that was left out is absent, not `undefined`.
  const instance = Object.create(section.prototype as object) as T;
  for (const [name, field] of fields) {
    const value = readField(field, raw[name], pathTo(path, name), reading);
    if (value !== undefined && value !== unreadable) Object.defineProperty(instance, name, { value, enumerable: true });
  }
  reportInvalid(instance, raw, path, reading);
  return instance;
}

function readField(field: Field, given: unknown, path: string, reading: Reading): unknown {
  const raw = given ?? field.default;
  if (raw === undefined) {
    if (field.required) reading.report({ path, found: 'nothing', expected: `${field.type}; it must be written out` });
    return undefined;
  }
  if (field.unavailable && given !== undefined && !isSwitchedOff(given)) reportUnavailable(field, path, reading);
  return field.read(raw, path, reading);
}

function reportUnavailable({ unavailable }: Field, path: string, { report, warn }: Reading): void {
  const problem = { path, found: 'a feature that is not available in this version', expected: 'nothing here' };
  if (unavailable === 'refuse') report(problem);
  else warn(problem);
}

function isSwitchedOff(raw: unknown): boolean {
  return raw === false || (isMapping(raw) && raw['enabled'] === false);
}

function reportUnknownKeys(
  raw: Readonly<Record<string, unknown>>,
  known: readonly string[],
  path: string,
  reading: Reading,
): void {
  for (const key of Object.keys(raw).filter((each) => !known.includes(each))) {
    const near = closest(key, known);
    const expected = near === undefined ? `one of ${known.join(', ')}` : `did you mean ${near}?`;
    reading.report({ path: pathTo(path, key), found: 'an unknown key', expected });
  }
}

/** What the validators of the fields say: ranges, patterns, words. */
function reportInvalid(instance: object, raw: Readonly<Record<string, unknown>>, path: string, reading: Reading): void {
  const fields = fieldsOf(instance.constructor as SectionClass);
  for (const { property, constraints } of validateSync(instance, { skipMissingProperties: true })) {
    const at = pathTo(path, property);
    const isHidden = fields.get(property)?.secret ?? reading.isSubstituted(at);
    const [expected = 'something else'] = Object.values(constraints ?? {});
    reading.report({ path: at, found: isHidden ? describeKind(raw[property]) : describe(raw[property]), expected });
  }
}

function isMapping(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

function isCrossChecked(section: object): section is CrossChecked {
  return 'check' in section && typeof section.check === 'function';
}

/** `issuers[0].keys`, or `["odd key"]` where a key is not a plain word. */
export function pathTo(parent: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${parent}[${JSON.stringify(key.slice(0, 80))}]`;
  return parent === '' ? key : `${parent}.${key}`;
}
