import { fieldsOf, FileText, type Field, type SectionClass } from './field.js';
import { formatDuration, formatSize } from './quantities.js';
import { isMapping } from './read-section.js';

/** What is shown in the place of a value that nobody may see. */
const hidden = '(not shown)';

/**
 * A section as it is in force, written as in a file: with every default and with what was filled in. Secrets are not shown, and of files only their
 * names. For operators.
 * @param value an object of the class
 */
export function showSection(section: SectionClass, value: object): Readonly<Record<string, unknown>> {
  const read = value as Readonly<Record<string, unknown>>;
  const shown = [...fieldsOf(section)].map(([name, field]) => [name, showValue(field, read[name])] as const);
  return Object.fromEntries(shown.filter(([, each]) => each !== undefined));
}

function showValue(field: Field, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (field.secret === true) return hidden;
  const { section } = field;
  if (section) {
    if (Array.isArray(value)) return value.map((each: unknown) => showObject(section(), each));
    return showObject(section(), value);
  }
  if (field.type === 'duration' && typeof value === 'number') return formatDuration(value);
  if (field.type === 'size' && typeof value === 'number') return formatSize(value);
  return showPlain(value);
}

function showObject(section: SectionClass, value: unknown): unknown {
  return isMapping(value) ? showSection(section, value) : hidden;
}

/** A file by its name; of what is neither text, number, truth value nor a list or mapping of these, nothing. */
function showPlain(value: unknown): unknown {
  if (value instanceof FileText) return value.path;
  if (value instanceof Map) return showPlain(Object.fromEntries(value as ReadonlyMap<string, unknown>));
  if (Array.isArray(value)) return value.map(showPlain);
  if (isMapping(value)) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, showPlain(each)]));
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : hidden;
}
