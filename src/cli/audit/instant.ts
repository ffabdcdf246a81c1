import { WrongCall } from '../command.js';

/** From when until when; both ends may be open. Milliseconds since the epoch. */
export interface Period {
  readonly fromMs: number | undefined;
  /** The first moment that does not belong to it. */
  readonly toMs: number | undefined;
}

const DAY_MS = 86_400_000;
const day = /^\d{4}-\d{2}-\d{2}$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * One end of a period, as a day (UTC) or a moment with its zone: a time without a zone would be another one on another machine.
 * @param option which end: a day that ends a period belongs to it
 * @throws {WrongCall}
 */
export function instantOf(text: string | undefined, option: 'from' | 'to'): number | undefined {
  if (text === undefined) return undefined;
  const atMs = Date.parse(text);
  const isDay = day.test(text);
  if (Number.isNaN(atMs) || !(isDay || instant.test(text))) {
    throw new WrongCall(`--${option}: expected a day, or a time with its zone, such as 2026-11-24T08:00:00Z`);
  }
  return isDay && option === 'to' ? atMs + DAY_MS : atMs;
}
