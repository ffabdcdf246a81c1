import { createHash } from 'node:crypto';

/** How a key source is called where names are shared: SHA-256, in hexadecimal. No source can spell another's name (attack G-05). */
export function sourceName(source: string): string {
  return createHash('sha256').update(source).digest('hex');
}

/** What replicas tell each other when a record of a source was stored: a hint, no proof. */
export function storedHint(name: string, fence: number): string {
  return `${name} ${fence}`;
}

/** Reads a hint. @returns undefined where it is none */
export function readStoredHint(text: string): { readonly name: string; readonly fence: number } | undefined {
  const [, name, fence] = /^([0-9a-f]{64}) (\d{1,16})$/.exec(text) ?? [];
  return name === undefined ? undefined : { name, fence: Number(fence) };
}
