import type { ProblemReporter } from '../../shared/configuration/problem.js';
import { reportRepeated } from '../../shared/configuration/report-repeated.js';
import { eachInSteps, type Steps } from '../../shared/steps.js';
import type { CallerSection } from './callers.config.js';
import { prepareCaller, type CallerContext } from './prepare-caller.js';
import type { PreparedCaller } from './prepared-caller.js';

/**
 * Checks all registrations and makes them ready for {@link CallerDirectory.replace}. Pauses behind each.
 * @param path of the list, such as `callers`
 * @param report hears every problem; with one, the result must not be used
 */
export function* prepareCallers(
  callers: readonly CallerSection[],
  path: string,
  report: ProblemReporter,
  context: CallerContext,
): Steps<readonly PreparedCaller[]> {
  const ids = callers.map(({ id }) => id);
  reportRepeated(ids, (i) => `${path}[${i}].id`, 'an id that no other caller has', report);
  const subjects = callers.map(({ token }) => token && JSON.stringify([token.issuer, token.subject]));
  const ownSubject = 'a subject that no other caller authenticates with';
  reportRepeated(subjects, (i) => `${path}[${i}].token.subject`, ownSubject, report);
  return yield* eachInSteps(callers, (section, i) => prepareCaller(section, `${path}[${i}]`, report, context));
}
