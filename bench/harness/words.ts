import type { Row } from '../scenario.ts';
import { median, medianRatio, ratiosOf } from './statistics.ts';
import type { Measurements } from './rounds.ts';

/** `12,345/s`, and what one answer costs the processor where that is known. */
export function rate({ perSecond, cpuUs }: Measurements): string {
  const cost = median(cpuUs);
  return `${whole(median(perSecond))}/s${Number.isNaN(cost) ? '' : `, ${cost.toFixed(0)} µs CPU`}`;
}

/**
 * A row about how often something happens in a second, compared with how often something else does: with the spread, and with what the
 * ratio would be if only the processor counted, which is disturbed less by what else a machine does.
 */
export function rateRow(
  measure: string,
  [ours, theirs]: readonly [Measurements, Measurements],
  baseline: string,
  atLeast: number,
): Row {
  const byProcessor = medianRatio(theirs.cpuUs, ours.cpuUs);
  const cost = Number.isNaN(byProcessor) ? '' : `; by the processor ${byProcessor.toFixed(2)}`;
  return {
    measure,
    assay: rate(ours),
    baseline: `${baseline}: ${rate(theirs)}`,
    result: `${ratioWords(ours.perSecond, theirs.perSecond)}${cost}`,
    target: `≥ ${atLeast.toFixed(2)}`,
    isMet: medianRatio(ours.perSecond, theirs.perSecond) >= atLeast,
  };
}

/** The median of what each round gives, the least and the greatest: `0.733 (0.70 to 0.76)`. */
export function ratioWords(ones: readonly number[], others: readonly number[]): string {
  const ratios = ratiosOf(ones, others);
  const [least, greatest] = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(2));
  return `${medianRatio(ones, others).toFixed(3)} (${least} to ${greatest})`;
}

/** The same where nothing is promised. */
export function besideRow(measure: string, measured: readonly [Measurements, Measurements], baseline: string): Row {
  const { assay, baseline: theirs, result } = rateRow(measure, measured, baseline, 0);
  return { measure, assay, baseline: theirs, result, target: '–' };
}

/** `1,234`. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
