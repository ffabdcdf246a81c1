import { parseDocument } from 'yaml';

/** The value of a YAML text, and what the parser says against it. */
export function parsedYaml(text: string): { readonly value: unknown; readonly problems: readonly string[] } {
  const document = parseDocument(text);
  const problems = [...document.errors, ...document.warnings].map(({ message }) => message);
  return { value: document.errors.length > 0 ? undefined : document.toJS(), problems };
}
