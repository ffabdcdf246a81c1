// The tables of docs/configuration.md, made from the same declarations that the program reads the file with.
import { fieldsOf } from '../dist/shared/configuration/field.js';

/** @param root the section that is the whole file */
export function configurationReference(root) {
  return chaptersIn(root, '').join('\n');
}

function chaptersIn(section, path) {
  const nested = [...fieldsOf(section)].filter(([, field]) => field.section);
  return nested.flatMap(([name, field]) => chapter(field, pathOf(path, name, field)));
}

function chapter(field, path) {
  const section = field.section();
  const heading = [`## \`${path}\``, '', sentence(field.description), ''];
  return [...heading, ...table([...fieldsOf(section)]), ...chaptersIn(section, path)];
}

function pathOf(parent, name, { type }) {
  return `${parent === '' ? '' : `${parent}.`}${name}${type === 'list' ? '[]' : ''}`;
}

function table(fields) {
  const rows = fields.map(([name, field]) => [`\`${name}\``, cell(field.type), fallback(field), meaning(field)]);
  const head = ['| key | type | default | |', '|---|---|---|---|'];
  return [...head, ...rows.map((row) => `| ${row.join(' | ')} |`), ''];
}

function fallback(field) {
  if (field.required)
    return field.filledInBy === undefined ? '**required**' : `**required**, or by \`${field.filledInBy}\``;
  return field.default === undefined || isEmptyMapping(field.default) ? '' : code(field.default);
}

function meaning(field) {
  const shown = field.example === undefined ? '' : `, for example ${code(field.example)}`;
  return `${cell(field.description)}${shown}`;
}

function sentence(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function isEmptyMapping(value) {
  return typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0;
}

function code(value) {
  return `\`${cell(yaml(value))}\``;
}

/** On one line, as somebody would write it. */
function yaml(value) {
  if (Array.isArray(value)) return `[${value.map(yaml).join(', ')}]`;
  if (typeof value === 'object')
    return `{ ${Object.entries(value)
      .map(([key, each]) => `${key}: ${yaml(each)}`)
      .join(', ')} }`;
  return typeof value === 'string' && /[{}[\],]|: /.test(value) ? JSON.stringify(value) : String(value);
}

function cell(text) {
  return text.replaceAll('|', '\\|');
}
