import type { Row } from '../scenario.ts';
import { median, medianRatio, ratiosOf } from './statistics.ts';
import type { Measurements } from './rounds.ts';

/** `12,345/s`, and what one answer costs the processor where that is known. */
export function rate({ perSecond, cpuUs }: Measurements): string {
  const cost = median(cpuUs);
  return `${whole(median(perSecond))}/s${Number.isNaN(cost) ? '' : `, ${cost.toFixed(0)} µs CPU`}`;
}

/** A row about how often something happens in a second, compared with how often something else does. */
export function rateRow(
  measure: string,
  [ours, theirs]: readonly [Measurements, Measurements],
  baseline: string,
  atLeast: number,
): Row {
  const ratio = medianRatio(ours.perSecond, theirs.perSecond);
  return {
    measure,
    assay: rate(ours),
    baseline: `${baseline}: ${rate(theirs)}`,
    result: ratio.toFixed(2),
    target: `≥ ${atLeast.toFixed(2)}`,
    isMet: ratio >= atLeast,
  };
}

/** The same where nothing is promised. */
export function besideRow(measure: string, measured: readonly [Measurements, Measurements], baseline: string): Row {
  const { assay, baseline: theirs, result } = rateRow(measure, measured, baseline, 0);
  return { measure, assay, baseline: theirs, result, target: '–' };
}

/**
 * The same where so little may be lost that it says how far apart the rounds are: the least of their ratios, and the greatest. And what the ratio
 * would be if only the processor counted, which is disturbed less by what else a machine does.
 */
export function spreadRow(...of: Parameters<typeof rateRow>): Row {
  const [, [ours, theirs]] = of;
  const ratios = ratiosOf(ours.perSecond, theirs.perSecond);
  const [least, greatest] = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(2));
  const ratio = medianRatio(ours.perSecond, theirs.perSecond).toFixed(3);
  const byProcessor = medianRatio(theirs.cpuUs, ours.cpuUs).toFixed(3);
  return { ...rateRow(...of), result: `${ratio} (${least} to ${greatest}); by the processor ${byProcessor}` };
}

/** `1,234`. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
