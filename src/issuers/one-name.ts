/** Refuses registrations that share one `iss` and could not be told apart by their keys. */
import type { Place } from '../shared/configuration/place.js';
import { refuseRepeated, type Mention, type Written } from '../shared/configuration/written.js';

/**
 * The signature of a token may be tried with the keys of all issuers of its name, so that their number is part of what a token that
 * somebody has made up costs.
 */
const MOST_OF_ONE_NAME = 32;

/** What only one file may say; the words are part of the error message. */
export const registeredOnce = 'an issuer that no other file registers';

/** What comes first of several files: 0 the main one, 1 one that had this identifier in force before, 2 another one. */
export function rankOf(place: Place, identifier: string): number {
  if (place.file === undefined) return 0;
  return place.holds(registeredOnce, identifier) ? 1 : 2;
}

/** Issuers that have one `iss` are told apart by nothing but their keys: refuses more of them than a token may be tried with. */
export function refuseCrowds(identifiers: readonly Written[]): void {
  for (const [name, namesakes] of Map.groupBy(identifiers, ({ text }) => text)) {
    const beyond = name === undefined ? undefined : namesakes[MOST_OF_ONE_NAME];
    beyond?.place.refuse(`the same as ${MOST_OF_ONE_NAME} others`, `at most ${MOST_OF_ONE_NAME} issuers of one name`);
  }
}

/** The ids of issuers that have one `iss`, as the file is written: a list for each such name. */
export function sharedNamesIn(file: Written): readonly (readonly string[])[] {
  const exact = file.at('issuers').members.filter((issuer) => !issuer.at('template').isThere);
  const named = exact.flatMap((issuer) => {
    const [id, name] = [issuer.at('id').text, issuer.at('issuer').text];
    return id === undefined || name === undefined ? [] : [{ id, name }];
  });
  const groups = [...Map.groupBy(named, ({ name }) => name).values()];
  return groups.filter((group) => group.length > 1).map((group) => group.map(({ id }) => id));
}

/** Refuses issuers of one name whose keys come from one place: nothing would tell them apart. @param mentions name and keys together */
export function refuseIndistinguishable(mentions: readonly Mention[]): void {
  refuseRepeated(mentions, 'other keys: two issuers with one identifier are told apart by their keys alone');
}
