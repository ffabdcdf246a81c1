import type { ProblemReporter } from '../shared/configuration/problem.js';
import { reportRepeated } from '../shared/configuration/report-repeated.js';
import { eachInSteps, type Steps } from '../shared/steps.js';
import { CommonRules } from './common-rules.js';
import type { Issuer } from './issuer.js';
import type { IssuerSection } from './issuers.config.js';
import type { IssuerContext } from './key-location.js';
import { prepareIssuer } from './prepare-issuer.js';

/**
 * Checks all registrations and makes them ready for {@link ConfiguredIssuers.replace}. Pauses behind each.
 * @param path of the list, such as `issuers`
 * @param report hears every problem; with one, the result must not be used
 */
export function* prepareIssuers(
  sections: readonly IssuerSection[],
  path: string,
  report: ProblemReporter,
  context: IssuerContext,
): Steps<readonly Issuer[]> {
  const named = (member: string) => (i: number) => `${path}[${i}].${member}`;
  const ids = sections.map(({ id }) => id);
  reportRepeated(ids, named('id'), 'an id that no other issuer has', report);
  const identifiers = sections.map(({ issuer }) => issuer);
  reportRepeated(identifiers, named('issuer'), 'an issuer that is not registered yet', report);
  // Legal for one provider with many tenants; then only claims tell them apart (attack B-11).
  const keySets = sections.map(({ keys }) => keys.jwksUri);
  const expected = 'a key set of its own, or rules for a claim that tells the issuers apart';
  reportRepeated(keySets, named('keys.jwksUri'), expected, context.warn);
  const rules = new CommonRules();
  return yield* eachInSteps(sections, (section, i) => prepareIssuer(section, `${path}[${i}]`, report, context, rules));
}
