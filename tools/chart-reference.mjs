// The table of values in helm/README.md, from helm/values.yaml.

/** @param values from `chartValues` */
export function chartReference(values) {
  const rows = values.flatMap(rowsOf);
  return ['| value | default | |', '|---|---|---|', ...rows.map((row) => `| ${row.join(' | ')} |`), ''].join('\n');
}

function rowsOf(value) {
  if (value.children.length > 0) return [heading(value), ...value.children.flatMap(rowsOf)];
  return [[`\`${value.path.join('.')}\``, code(value.value), cell(value.description)]];
}

/** What a group is for, in a line of its own. */
function heading({ path, description }) {
  return [`**\`${path.join('.')}\`**`, '', `**${cell(description)}**`];
}

function code(value) {
  return `\`${cell(JSON.stringify(value))}\``;
}

function cell(text) {
  return text.replaceAll('|', '\\|');
}
