import type { Place } from '../shared/configuration/place.js';
import { warnOfRepeated } from '../shared/configuration/repeated.js';
import { eachWithPauses, type Pause } from '../shared/pause.js';
import { CommonRules } from './common-rules.js';
import type { Issuer } from './issuer.js';
import type { IssuerSection } from './issuers.config.js';
import { prepareIssuer } from './prepare-issuer.js';

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
  return eachWithPauses(sections, pause, (section, i) => prepareIssuer(section, place.at(i), nowMs, rules));
}
