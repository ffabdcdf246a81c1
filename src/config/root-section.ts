import type { Sections } from '../shared/configuration/configuration-section.js';
import { declareField, type SectionClass } from '../shared/configuration/field.js';

/** The whole file as a class, from which the schema and the documentation are made like those of any section. */
export function rootSection(sections: Sections): SectionClass {
  class Configuration {}
  for (const { key, form } of sections) declareField(form.field)(Configuration.prototype, key);
  return Configuration;
}
