import type { Series, Values } from './healthy-series.js';

/** Something that goes wrong, and who hears what of it. Minutes count from the beginning, when everything is well. */
export interface AlertCase {
  readonly happens: string;
  readonly alert: string;
  readonly severity: 'page' | 'warn';
  /** Beside `namespace` and `job`, which all but one have. */
  readonly about?: Readonly<Record<string, string>>;
  readonly series: readonly Series[];
  /** The last moment at which nobody is told yet. */
  readonly quietUntil: number;
  readonly firesAt: number;
  /** What else is told then. */
  readonly beside?: readonly string[];
  readonly summary: string;
  readonly description: string;
}

/** Labels of everything about one issuer. */
export const corp = { issuer: 'corp', region: 'eu' };

/** The keys are in this state from that minute on. */
export function inState(state: string, fromMinute: number, at?: 'a' | 'b'): readonly Series[] {
  const from = (before: number, then: number): Values => {
    return (minute) => (minute < fromMinute ? before : then);
  };
  const where = at ? { at } : {};
  return [
    { name: 'assay_jwks_state', labels: { ...corp, state: 'FRESH' }, values: from(1, 0), ...where },
    { name: 'assay_jwks_state', labels: { ...corp, state }, values: from(0, 1), ...where },
  ];
}

/** A number that is another one from that minute on. */
export function changing(fromMinute: number, before: number, then: number): Values {
  return (minute) => (minute < fromMinute ? before : then);
}

/** A counter that grows as fast as before until that minute, and at another pace afterwards. */
export function bending(atMinute: number, before: number, then: number): Values {
  return (minute) => Math.min(minute, atMinute) * before + Math.max(0, minute - atMinute) * then;
}
