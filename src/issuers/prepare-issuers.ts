import { namedClaim } from '../claims/claim-names.js';
import type { Place } from '../shared/configuration/place.js';
import { warnOfRepeated } from '../shared/configuration/written.js';
import { eachWithPauses, type Pause } from '../shared/pause.js';
import { CommonRules } from './common-rules.js';
import type { Issuer, Freshness } from './issuer.js';
import { claimSettingsOf, notAboutClaimsOf, type IssuerSection } from './issuers.config.js';
import { createHash } from 'node:crypto';
import { nothingOf } from '../shared/configuration/nothing-of.js';
import type { JsonValue } from '../shared/json-value.js';
import { stringifyJson } from '../shared/strict-json.js';
import { refuseIndistinguishable } from './one-name.js';
import { metadataIssuersOf } from './metadata-issuers.js';
import type { FreshnessSection } from './freshness.config.js';
import { prepareKeyLocation } from './issuer-keys.config.js';
import { prepareNetwork } from './issuer-network.config.js';

/** What preparing the issuers needs from outside. */
export interface IssuersContext {
  /** Place of the list; where something was refused below it, the result must not be used. */
  readonly place: Place;
  /** Wall time, milliseconds since the epoch. */
  readonly nowMs: number;
  readonly pause: Pause;
}

/** Checks all registrations and makes them ready for {@link ConfiguredIssuers.replace}. */
export async function prepareIssuers(
  sections: readonly IssuerSection[],
  { place, nowMs, pause }: IssuersContext,
): Promise<readonly Issuer[]> {
  // Legal for one provider with many tenants; then only claims tell them apart (attack B-11).
  const keySets = sections.map(({ keys }, i) => ({ text: keys.jwksUri, place: place.at(i).at('keys').at('jwksUri') }));
  warnOfRepeated(keySets, 'a key set of its own, or rules for a claim that tells the issuers apart');
  const rules = new CommonRules();
  const prepared = await eachWithPauses(sections, pause, (section, i) =>
    prepareIssuer(section, place.at(i), nowMs, rules),
  );
  const places = new Map<string, Place>();
  sections.forEach(({ id }, i) => places.set(id, place.at(i).at('issuer')));
  refuseIndistinguishable(
    prepared.flatMap(({ id, keySourceFingerprint: text }) => ({ text, place: places.get(id) ?? place })),
  );
  return prepared;
}

/**
 * Makes a registration ready: everything that its tokens are judged by, compiled once.
 * @param place of the section, such as `issuers[0]`
 * @param nowMs wall time, milliseconds since the epoch
 * @param rules those of the issuers before it
 * @returns undefined after reporting every problem
 */
function prepareIssuer(section: IssuerSection, place: Place, nowMs: number, rules: CommonRules): Issuer | undefined {
  const { id, issuer, algorithms, criticality, usernameClaim, defaultClientId, ...others } = notAboutClaimsOf(section);
  const { keys: keysSection, network: networkSection, freshness, tokenTypes, deniedKeys, ...forgotten } = others;
  const context = { keys: keysSection, place: place.at('keys'), network: networkSection, algorithms, nowMs };
  const keys = prepareKeyLocation(context);
  const network = prepareNetwork(networkSection, place.at('network'));
  if (!keys || !network) return undefined;
  return {
    ...nothingOf(forgotten),
    id,
    issuer,
    metadataIssuers: metadataIssuersOf(issuer),
    ...rules.of({ algorithms, tokenTypes, deniedKeys, claims: claimSettingsOf(section) }),
    keys,
    freshness: freshnessOf(freshness),
    network,
    criticality,
    // Whose keys they are and where they are published. How they are fetched and used may change, and they stay good.
    keySourceFingerprint: fingerprint([issuer, keys, ...(keys.kind === 'static' ? [[...algorithms].sort()] : [])]),
    ...(usernameClaim === undefined ? {} : { username: namedClaim(usernameClaim) }),
    ...(defaultClientId === undefined ? {} : { defaultClientId }),
  };
}

function freshnessOf(section: FreshnessSection): Freshness {
  const { refresh, hardTtl, missCooldown, missBurst, minSpacing, removal, ...forgotten } = section;
  return {
    ...nothingOf(forgotten),
    refreshMs: refresh,
    hardTtlMs: hardTtl,
    missCooldownMs: missCooldown,
    missBurst,
    minSpacingMs: minSpacing,
    removal,
  };
}

/** JSON keeps the parts apart: no two different lists give one text (attack G-05). */
function fingerprint(parts: readonly unknown[]): string {
  return createHash('sha256')
    .update(stringifyJson(parts as readonly JsonValue[]))
    .digest('base64url');
}
