/** Says at which replicas a revocation is known to hold by now: those that have read the log of changes past its place. */
import type { Revocation } from '../revocation/tokens/revocation.js';
import { type FleetView, isOverdue, type Reach, reachBy } from './decision-reach.js';
import { REPORT_EVERY_MS } from './replica-states.js';

/** What is read within the bound is reported with the next report after it. */
const LATE_AFTER_MS = REPORT_EVERY_MS;

/**
 * Where a revocation holds that is known here.
 * @param place of the revocation in the log; `undefined`: it was not read back yet, so that nobody else can be known to have it
 */
export function revocationReachOf(
  { at }: Pick<Revocation, 'at'>,
  place: number | undefined,
  view: FleetView,
  nowMs: number,
): Reach {
  const [own] = view.replicas;
  const atMs = at * 1_000;
  // By a clock that is ahead it is not known how long ago that was.
  const isLate = isOverdue({ atMs }, nowMs < atMs ? nowMs : nowMs - LATE_AFTER_MS);
  return reachBy(
    {
      isConfirmedBy: (each) =>
        each === own || (place !== undefined && each.readTo !== undefined && each.readTo >= place),
      isSaidBy: ({ readTo }) => readTo !== undefined && (place !== undefined || !isLate),
      isLate,
    },
    view,
  );
}
