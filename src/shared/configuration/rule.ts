import 'reflect-metadata';
import type { SectionClass } from './field.js';
import type { Place } from './place.js';

/** Judges several fields together, and reports what does not fit. */
export type RuleCheck = (place: Place) => void;

/** A rule between fields of one section. */
export interface SectionRule {
  readonly fields: readonly string[];
  /** The method of the section that judges. */
  readonly method: string;
}

type RuleDecorator = (prototype: object, method: string, descriptor: TypedPropertyDescriptor<RuleCheck>) => void;

const metadataKey = Symbol('rules');

/** Declares a method as a rule between `fields`: judged as soon as these are sound, whatever is wrong elsewhere. */
export function Rule(...fields: readonly string[]): RuleDecorator {
  return (prototype, method) => {
    const earlier = (Reflect.getMetadata(metadataKey, prototype) ?? []) as readonly SectionRule[];
    Reflect.defineMetadata(metadataKey, [...earlier, { fields, method }], prototype);
  };
}

/** The rules of a section, in the order in which they are declared. */
export function rulesOf(section: SectionClass): readonly SectionRule[] {
  return (Reflect.getMetadata(metadataKey, section.prototype as object) ?? []) as readonly SectionRule[];
}
