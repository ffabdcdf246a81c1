import type { Place } from './place.js';
import { isMapping } from './read-section.js';

/**
 * A value of the file as it is written, before it is read: for what one section says of another, so that such problems are
 * reported beside those within the sections. A value of another kind than the one that is asked for counts as absent: it is
 * refused where it is read.
 */
export class Written {
  /** @param raw with `${…}` replaced */
  constructor(
    private readonly raw: unknown,
    readonly place: Place,
  ) {}

  /** The value of a key. */
  at(key: string): Written {
    return new Written(isMapping(this.raw) ? this.raw[key] : undefined, this.place.at(key));
  }

  /** The members of a list. */
  get members(): readonly Written[] {
    return Array.isArray(this.raw) ? this.raw.map((member, i) => new Written(member, this.place.at(i))) : [];
  }

  /** The keys of a mapping. */
  get keys(): readonly string[] {
    return isMapping(this.raw) ? Object.keys(this.raw) : [];
  }

  /** A text. */
  get text(): string | undefined {
    return typeof this.raw === 'string' ? this.raw : undefined;
  }

  /** Whatever it is, as JSON, to compare it; empty where there is nothing. */
  get json(): string {
    return JSON.stringify(this.raw ?? null);
  }

  /** Whether it is a list. */
  get isList(): boolean {
    return Array.isArray(this.raw);
  }

  /** Whether it is the word true. */
  get isTrue(): boolean {
    return this.raw === true;
  }

  /** Whether anything is written there: a key without a value counts as left out. */
  get isThere(): boolean {
    return this.raw !== undefined && this.raw !== null;
  }
}

/** A text of the file that must be the only one of its kind, where there is one, and its place. */
export interface Mention {
  readonly text: string | undefined;
  readonly place: Place;
}

/**
 * Refuses each text that another one equals which was first: the one of the main file, else the one of the file that has said
 * it since before, else the earlier one.
 * @param expected what would have been right instead
 */
export function refuseRepeated(mentions: readonly Mention[], expected: string): void {
  for (const { place, first } of repeatedIn(mentions, expected)) refuseSecond(place, first, expected);
}

/** As {@link refuseRepeated}, but what one file says several times is right. */
export function refuseRepeatedElsewhere(mentions: readonly Mention[], expected: string): void {
  for (const { place, first } of repeatedIn(mentions, expected)) {
    if (place.file !== first.file) refuseSecond(place, first, expected);
  }
}

/** As {@link refuseRepeated}, for what works and should not. */
export function warnOfRepeated(mentions: readonly Mention[], expected: string): void {
  for (const { place, first } of repeatedIn(mentions, expected)) place.warn(`the same as ${first.path}`, expected);
}

function refuseSecond(place: Place, first: Place, expected: string): void {
  place.refuse(`the same as ${first.path}`, expected, first);
}

function repeatedIn(
  mentions: readonly Mention[],
  kind: string,
): readonly { readonly place: Place; readonly first: Place }[] {
  const firsts = new Map<string, Place>();
  // Passes holes by: there are some where members could not be read.
  mentions.forEach(({ text, place }) => {
    if (text === undefined) return;
    const earlier = firsts.get(text);
    const isFirst = !earlier || (earlier.file !== undefined && place.holds(kind, text) && !earlier.holds(kind, text));
    if (isFirst) firsts.set(text, place);
  });
  for (const [text, first] of firsts) first.claim(kind, text);
  return mentions.flatMap(({ text, place }) => {
    const first = text === undefined ? undefined : firsts.get(text);
    return first && first !== place ? [{ place, first }] : [];
  });
}
