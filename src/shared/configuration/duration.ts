/** Milliseconds of one second, minute, hour and day: how durations are written in code. */
export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

const units: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', second],
  ['m', minute],
  ['h', hour],
  ['d', day],
]);

const shape = /^(\d{1,15})(ms|s|m|h|d)$/;

/** Reads `500ms`, `30s`, `5m`, `4h` or `7d` as milliseconds; `undefined` for anything else, a number without unit included. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = shape.exec(text) ?? [];
  const factor = units.get(unit ?? '');
  return factor === undefined ? undefined : Number(digits) * factor;
}

/** Writes milliseconds with the largest unit that needs no fraction, so that {@link parseDuration} reads the same. */
export function formatDuration(ms: number): string {
  const [unit, factor] = [...units].reverse().find(([, each]) => ms % each === 0 && ms >= each) ?? ['s', second];
  return `${ms / factor}${unit}`;
}
