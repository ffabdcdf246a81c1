import type { Place } from '../../shared/configuration/place.js';
import { refuseRepeated } from '../../shared/configuration/repeated.js';
import { eachWithPauses, type Pause } from '../../shared/pause.js';
import type { CallerSection } from './callers.config.js';
import { prepareCaller, type CallerContext } from './prepare-caller.js';
import type { PreparedCaller } from './prepared-caller.js';

/** What preparing the callers needs from outside. */
export interface CallersContext extends CallerContext {
  /** Place of the list; where something was refused below it, the result must not be used. */
  readonly place: Place;
  readonly pause: Pause;
}

/** Checks all registrations and makes them ready for {@link CallerDirectory.replace}. */
export async function prepareCallers(
  callers: readonly CallerSection[],
  { place, pause, identifier }: CallersContext,
): Promise<readonly PreparedCaller[]> {
  const ids = callers.map(({ id }, i) => ({ text: id, place: place.at(i).at('id') }));
  refuseRepeated(ids, 'an id that no other caller has');
  const subjects = callers.map(({ token }, i) => ({
    text: token && JSON.stringify([token.issuer, token.subject]),
    place: place.at(i).at('token').at('subject'),
  }));
  refuseRepeated(subjects, 'a subject that no other caller authenticates with');
  return eachWithPauses(callers, pause, (section, i) => prepareCaller(section, place.at(i), { identifier }));
}
