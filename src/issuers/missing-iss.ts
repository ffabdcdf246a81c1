import type { Place } from '../shared/configuration/place.js';
import type { IssuerKeysSection } from './issuer-keys.config.js';
import { rankOf } from './one-name.js';

/** The settings of a registration that have to fit it. */
interface Terms {
  readonly allowMissingIss: boolean;
  readonly issuer?: string;
  readonly keys: IssuerKeysSection;
  readonly audiences: readonly string[] | 'any';
  readonly template?: object;
  readonly spiffe?: object;
  readonly profile?: 'rfc9068';
}

/** A token without `iss` must at least name whom it is for, and no other setting may decide whose it is. */
export function refuseUnsafeMissingIss(terms: Terms, place: Place): void {
  if (!terms.allowMissingIss) return;
  const { audiences, template, spiffe, profile } = terms;
  const at = place.at('allowMissingIss');
  if (audiences === 'any') {
    at.refuse('audiences: any', 'audiences by name: a token without iss says nothing else of whom it is for');
  }
  if (template) at.refuse('template', 'one of them: iss says which tenant a token is of');
  if (spiffe) at.refuse('spiffe', 'one of them: a trust domain is found by sub');
  if (profile === 'rfc9068') at.refuse('profile: rfc9068', 'one of them: the profile demands iss (RFC 9068 §2.2)');
}

/**
 * Refuses more than one registration that takes tokens without `iss`, and one whose identifier or place of keys another registration has as well:
 * what somebody signed for the other would be taken for its own.
 * @param sections with a hole for each that cannot be read
 */
export function refuseSharedMissingIss(sections: readonly Terms[], place: Place): void {
  const rankAt = (i: number) => rankOf(place.at(i), sections[i]?.issuer ?? '');
  const [first] = sections
    .flatMap(({ allowMissingIss }, i) => (allowMissingIss ? [i] : []))
    .sort((a, b) => rankAt(a) - rankAt(b));
  const own = first === undefined ? undefined : sections[first];
  if (first === undefined || !own) return;
  const flag = place.at(first).at('allowMissingIss');
  sections.forEach((other, i) => {
    if (i === first) return;
    const at = place.at(i).at('allowMissingIss');
    if (other.allowMissingIss) {
      at.refuse('a second one', 'at most one registration: nothing would tell whose a token without iss is', flag);
    }
    // A file that comes later is at fault, not the one whose registration was in force.
    const isLater = at.file !== flag.file && rankAt(i) > rankAt(first);
    for (const what of sharedBy(own, other)) {
      const expected = `${what} that no other registration has`;
      if (isLater) place.at(i).refuse(`${what} as of ${flag.path}`, expected, flag);
      else flag.refuse(`${what} as of ${place.at(i).path}`, expected, at);
    }
  });
}

function sharedBy(own: Terms, other: Terms): readonly string[] {
  const [isSameName, isSamePlace] = [
    own.issuer === other.issuer,
    JSON.stringify(own.keys) === JSON.stringify(other.keys),
  ];
  // Under its own identifier each issuer has a place of its own.
  const isFoundByName = own.keys.discovery !== undefined && own.keys.discoveryUrl === undefined;
  return [...(isSameName ? ['an identifier'] : []), ...(isSamePlace && !isFoundByName ? ['a place of keys'] : [])];
}
