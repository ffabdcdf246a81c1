import {
  grantableSettings,
  isIdentifierGranted,
  type GrantableSetting,
  type OwnerRights,
} from '../shared/configuration/owner-rights.js';
import type { Written } from '../shared/configuration/written.js';

/** Where to get a right. */
const fromOwners = 'what the entry of owners for this file grants';

/** What of `network` reaches no further than without it. */
const harmless: ReadonlySet<string> = new Set(['followRedirects']);

/** Refuses what an included file was not given the right to register as an issuer: else one team could issue tokens of another. */
export function refuseUngrantedIssuer(issuer: Written, rights: OwnerRights): void {
  refuseUngrantedId(issuer, rights);
  refuseUngrantedIdentifier(issuer.at('issuer'), issuer.at('issuer').text, rights);
  const domain = issuer.at('spiffe').at('trustDomain');
  refuseUngrantedIdentifier(domain, domain.text === undefined ? undefined : `spiffe://${domain.text}`, rights);
  refuseUngrantedNetwork(issuer.at('network'), rights);
  refuseUngrantedReview(issuer.at('opaque').at('tokenReview'), rights);
  const criticality = issuer.at('criticality');
  if (criticality.text === 'critical') refuseUngrantedSetting(criticality, 'criticality', rights);
  const missing = issuer.at('allowMissingIss');
  if (missing.isTrue) refuseUngrantedSetting(missing, 'allowMissingIss', rights);
}

/** Refuses an id of another owner. */
export function refuseUngrantedId(member: Written, { idPrefix }: OwnerRights): void {
  const { text, place } = member.at('id');
  if (text === undefined || (idPrefix !== '' && text.startsWith(idPrefix))) return;
  const begins = idPrefix === '' ? 'an entry of owners that names this file' : `an id that begins with ${idPrefix}`;
  place.refuse('an id that this file was not granted', begins);
}

/** Refuses each setting of how a server is reached, but for those that are granted. */
export function refuseUngrantedNetwork(network: Written, rights: OwnerRights): void {
  for (const key of network.keys) {
    const value = network.at(key);
    if (value.isThere && !harmless.has(key)) refuseUngrantedSetting(value, `network.${key}`, rights);
  }
}

/** An API server is reached by files of its own, which reach as far as those of `network`. */
function refuseUngrantedReview(review: Written, rights: OwnerRights): void {
  for (const key of ['caFile', 'bearerTokenFile']) {
    const value = review.at(key);
    if (value.isThere) refuseUngrantedSetting(value, `network.${key}`, rights);
  }
}

/** Refuses a setting that is not granted. */
export function refuseUngrantedSetting({ place }: Written, name: string, { settings }: OwnerRights): void {
  if ((settings as readonly string[]).includes(name)) return;
  const grant = grantableSettings.includes(name as GrantableSetting) ? `: ${name} in its settings` : '';
  place.refuse('a setting that this file was not granted', `${fromOwners}${grant}`);
}

function refuseUngrantedIdentifier({ place }: Written, identifier: string | undefined, { issuers }: OwnerRights): void {
  if (identifier === undefined || isIdentifierGranted(identifier, issuers)) return;
  place.refuse('an issuer that this file was not granted', `${fromOwners}: one of its issuers, or a URL below one`);
}
