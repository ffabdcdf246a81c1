/** Longest key that a path spells out, in UTF-16 code units. */
const MAX_KEY = 80;

/** `issuers[0].keys`, or `["odd key"]` where a key is not a plain word. */
export function pathTo(parent: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${parent}[${JSON.stringify(key.slice(0, MAX_KEY))}]`;
  return parent === '' ? key : `${parent}.${key}`;
}

const step = /\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g;

/** The keys and indices that a path made by {@link pathTo} leads through. */
export function stepsOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(step)].map(([, index, quoted, word]) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? (word ?? '') : (JSON.parse(quoted) as string);
  });
}
