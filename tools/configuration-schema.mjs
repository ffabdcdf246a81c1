// The JSON Schema of the configuration file, made from the same declarations that the program reads it with.
import { fieldsOf } from '../dist/shared/configuration/field.js';

/** @param root the section that is the whole file */
export function configurationSchema(root) {
  const definitions = new Map();
  const { required, ...whole } = sectionSchema(root, definitions);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of Assay',
    ...whole,
    // What the main file does not register, included files may.
    anyOf: [required, ['include']].map((keys) => ({
      required: keys,
      properties: Object.fromEntries(keys.map((key) => [key, true])),
    })),
    $defs: {
      substitution: { type: 'string', pattern: '\\$\\{(env|file):', description: 'from the environment or a file' },
      ...Object.fromEntries([...definitions].sort(([a], [b]) => a.localeCompare(b))),
    },
  };
}

function sectionSchema(section, definitions, keyedBy) {
  const fields = [...fieldsOf(section)];
  const needed = fields.filter(([name, field]) => field.required && name !== keyedBy);
  const required = needed.filter(([, field]) => field.filledInBy === undefined).map(([name]) => name);
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    ...unlessFilledIn(needed),
    properties: Object.fromEntries(fields.map(([name, field]) => [name, fieldSchema(field, definitions)])),
  };
}

/** Keys that another one may say in short: that one, or all of these. */
function unlessFilledIn(fields) {
  const short = fields.filter(([, field]) => field.filledInBy !== undefined);
  if (short.length === 0) return {};
  const [[, { filledInBy }]] = short;
  return { anyOf: [those([filledInBy]), those(short.map(([name]) => name))] };
}

/** That these keys are there. They are named as properties, too, for readers that want each to be declared where it is required. */
function those(names) {
  return { required: names, properties: Object.fromEntries(names.map((name) => [name, true])) };
}

function fieldSchema(field, definitions) {
  const schema = valueSchema(field, definitions);
  return {
    description: plain(field.description),
    ...(field.default !== undefined && { default: field.default }),
    ...(field.example !== undefined && { examples: [field.example] }),
    // A key that may be left out may also be written with no value.
    ...(field.required ? schema : { anyOf: [schema, { type: 'null' }] }),
  };
}

function valueSchema({ schema, section, shortForm, keyedBy }, definitions) {
  if (!section) return schema;
  const reference = { $ref: `#/$defs/${define(section(), definitions, keyedBy)}` };
  if (schema.type !== 'array') return reference;
  const items = shortForm === undefined ? reference : { anyOf: [{ type: 'string', minLength: 1 }, reference] };
  if (keyedBy === undefined) return { ...schema, items };
  const item = { ...items, type: 'object', required: [keyedBy], properties: { [keyedBy]: true } };
  // Without alternatives, so that a problem is reported where it is: `items` says nothing of a mapping, and the other way round.
  return { type: ['object', 'array'], additionalProperties: { anyOf: [items, { type: 'null' }] }, items: item };
}

/** @param keyedBy the key that a member of a mapping need not have: its name is the key that it stands under */
function define(section, definitions, keyedBy) {
  const name = section.name.replace(/Section$/, '');
  if (!definitions.has(name)) {
    definitions.set(name, undefined);
    definitions.set(name, sectionSchema(section, definitions, keyedBy));
  }
  return name;
}

/** Descriptions are Markdown for the documentation; editors show them as they are. */
function plain(description) {
  return description.replaceAll('`', '');
}
