/** What a registration with opaque tokens must not say beside it, and what no two of them may say. */
import type { Place } from '../shared/configuration/place.js';
import type { Written } from '../shared/configuration/written.js';
import { identifierDefect, orLoopback, soundIdentifier } from '../shared/key-url.js';
import type { IssuerKeysSection } from './issuer-keys.config.js';
import type { IssuerNetworkSection } from './issuer-network.config.js';
import type { OpaqueSection } from './opaque.config.js';

/** The settings of a registration that have to fit its opaque tokens. */
interface Terms {
  readonly opaque?: OpaqueSection;
  readonly issuer?: string;
  readonly keys: IssuerKeysSection;
  readonly network: IssuerNetworkSection;
  readonly allowMissingIss: boolean;
  readonly template?: object;
  readonly spiffe?: object;
  readonly profile?: 'rfc9068';
}

/** Nothing in an opaque token says of which tenant it is, and nothing but its issuer's answer what it is. */
export function refuseUnfitForOpaque(terms: Terms, place: Place): void {
  const { opaque, issuer, keys, network, allowMissingIss, template, spiffe, profile } = terms;
  if (!opaque) return;
  const at = place.at('opaque');
  if (template) at.refuse('template', 'one of them: an opaque token does not say of which tenant it is');
  if (spiffe) at.refuse('spiffe', 'one of them: SVIDs are JWTs');
  if (profile === 'rfc9068') at.refuse('profile: rfc9068', 'one of them: the profile is one of JWTs (RFC 9068)');
  if (opaque.jwt === 'introspect' && allowMissingIss)
    at.at('jwt').refuse('allowMissingIss as well', 'one of them: a JWT that names no issuer is sent to none');
  if (opaque.tokenReview || opaque.endpoint !== 'auto' || keys.discoveryUrl !== undefined || issuer === undefined)
    return;
  const defect = identifierDefect(issuer, network);
  if (defect !== undefined) {
    const expected = `a URL: the issuer identifier is not ${soundIdentifier}, ${orLoopback}, that metadata could be under`;
    at.at('endpoint').refuse('auto', expected);
  }
}

/** A token that two issuers could claim would be sent to the wrong one, which could then use it. */
export function refuseOverlappingPrefixes(issuers: readonly Written[]): void {
  const prefixes = issuers.flatMap((issuer) => {
    const { text, place } = issuer.at('opaque').at('match').at('prefix');
    return text === undefined || text === '' ? [] : [{ text, place }];
  });
  prefixes.forEach(({ text, place }, i) => {
    const first = prefixes.slice(0, i).find((other) => other.text.startsWith(text) || text.startsWith(other.text));
    if (!first) return;
    const expected = `a prefix that neither begins with that of ${first.place.path} nor is the beginning of it`;
    place.refuse('a prefix that overlaps', expected, first.place);
  });
}

/** A JWT that two registrations could claim would be sent to the issuer of one of them, before anybody knows whose it is. */
export function refuseSharedNameOfAsked(issuers: readonly Written[]): void {
  for (const asked of issuers) {
    const [{ text: name }, jwt] = [asked.at('issuer'), asked.at('opaque').at('jwt')];
    if (jwt.text !== 'introspect' || name === undefined) continue;
    const other = issuers.find((each) => each !== asked && each.at('issuer').text === name);
    const expected = 'local, or an issuer that no other registration has: only keys tell issuers of one name apart';
    if (other) jwt.place.refuse('introspect', expected, other.place);
  }
}
