import type { Place } from './place.js';

/** A text of the file that must be the only one of its kind, where there is one, and its place. */
export interface Mention {
  readonly text: string | undefined;
  readonly place: Place;
}

/**
 * Refuses each text that an earlier one equals.
 * @param expected what would have been right instead
 */
export function refuseRepeated(mentions: readonly Mention[], expected: string): void {
  for (const { place, earlier } of repeatedIn(mentions)) place.refuse(`the same as ${earlier.path}`, expected);
}

/** As {@link refuseRepeated}, for what works and should not. */
export function warnOfRepeated(mentions: readonly Mention[], expected: string): void {
  for (const { place, earlier } of repeatedIn(mentions)) place.warn(`the same as ${earlier.path}`, expected);
}

function repeatedIn(mentions: readonly Mention[]): readonly { readonly place: Place; readonly earlier: Place }[] {
  const first = new Map<string, Place>();
  return mentions.flatMap(({ text, place }) => {
    const earlier = text === undefined ? undefined : first.get(text);
    if (earlier) return [{ place, earlier }];
    if (text !== undefined) first.set(text, place);
    return [];
  });
}
