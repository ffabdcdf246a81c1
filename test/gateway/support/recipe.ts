import { readFileSync } from 'node:fs';

/** The blocks of one language in a recipe, in their order. */
export function recipes(file: string, language: string): readonly string[] {
  const text = readFileSync(new URL(`../../../docs/recipes/${file}`, import.meta.url), 'utf8');
  const blocks = text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'));
  return [...blocks].map(([, block = '']) => block);
}

/** The first of them. */
export function recipe(file: string, language: string): string {
  const [block] = recipes(file, language);
  if (block === undefined) throw new Error(`${file} has no block of ${language}`);
  return block;
}
