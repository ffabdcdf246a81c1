import type { Place } from '../../shared/configuration/place.js';
import { refuseRepeated } from '../../shared/configuration/repeated.js';
import { eachWithPauses, type Pause } from '../../shared/pause.js';
import type { CallerMethod } from '../methods/caller-method.js';
import { eachMethod, sectionOf } from '../methods/caller-methods.js';
import type { CallerSection } from './callers.config.js';
import { prepareCaller, type CallerContext } from './prepare-caller.js';
import type { PreparedCaller } from './prepared-caller.js';

/** What preparing the callers needs from outside. */
export interface CallersContext extends CallerContext {
  /** Place of the list; where something was refused below it, the result must not be used. */
  readonly place: Place;
  readonly pause: Pause;
}

/** Checks all registrations and makes them ready for {@link Callers.replace}. */
export async function prepareCallers(
  callers: readonly CallerSection[],
  { place, pause, identifier }: CallersContext,
): Promise<readonly PreparedCaller[]> {
  for (const [, method] of eachMethod) refuseShared(method, callers, place);
  return eachWithPauses(callers, pause, (section, i) => prepareCaller(section, place.at(i), { identifier }));
}

/** Callers with the same term of a method could not be distinguished. */
function refuseShared(method: CallerMethod, callers: readonly CallerSection[], place: Place): void {
  const { unique, key } = method;
  if (!unique) return;
  const terms = callers.map((caller, i) => {
    const given = sectionOf(method, caller);
    return { text: given === undefined ? undefined : unique.of(given), place: place.at(i).at(key).at(unique.at) };
  });
  refuseRepeated(terms, unique.expected);
}
