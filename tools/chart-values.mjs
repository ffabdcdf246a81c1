// What helm/values.yaml says about itself: each value, its default, the comment above it, and what `# @schema` adds to what shows anyway.
import { isMap, isScalar, parseDocument } from 'yaml';

const SCHEMA = '@schema ';

/**
 * @param text of values.yaml
 * @returns the values in order, `{ path, description, value, schema, children }`; children where the default is a mapping with keys
 * @throws {Error} where a value has no comment
 */
export function chartValues(text) {
  const document = parseDocument(text);
  return valuesIn(document.contents, [], document.commentBefore);
}

function valuesIn(map, path, commentBefore) {
  return map.items.map((pair, i) => {
    const { description, schema } = commentOf(
      pair.key.commentBefore ?? (i === 0 ? (map.commentBefore ?? commentBefore) : undefined),
    );
    const here = [...path, pair.key.value];
    if (description === '') throw new Error(`helm/values.yaml: ${here.join('.')} has no comment`);
    const isOpen = schema.additionalProperties !== undefined || !isMap(pair.value) || pair.value.items.length === 0;
    const value = isScalar(pair.value) ? pair.value.value : pair.value.toJSON();
    return { path: here, description, schema, value, children: isOpen ? [] : valuesIn(pair.value, here) };
  });
}

function commentOf(comment = '') {
  // A blank line ends what was said about something else.
  const lines = comment.split('\n').map((line) => line.trim());
  const ours = lines.slice(lines.lastIndexOf('') + 1);
  const schemas = ours.filter((line) => line.startsWith(SCHEMA)).map((line) => JSON.parse(line.slice(SCHEMA.length)));
  return {
    description: ours.filter((line) => !line.startsWith(SCHEMA)).join(' '),
    schema: Object.assign({}, ...schemas),
  };
}
