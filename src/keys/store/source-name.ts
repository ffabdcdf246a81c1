import { createHash } from 'node:crypto';

/** The name of a key source that replicas share: its SHA-256, in hexadecimal. No source can be written so that it has the name of another. */
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
