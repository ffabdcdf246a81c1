/** Milliseconds of one second, minute, hour and day: how durations are written in code. */
export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

const unitsOfTime: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', second],
  ['m', minute],
  ['h', hour],
  ['d', day],
]);

const durationShape = /^(\d{1,15})(ms|s|m|h|d)$/;

/** Reads `500ms`, `30s`, `5m`, `4h` or `7d` as milliseconds; `undefined` for anything else, a number without unit included. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = durationShape.exec(text) ?? [];
  const factor = unitsOfTime.get(unit ?? '');
  return factor === undefined ? undefined : Number(digits) * factor;
}

/** Writes milliseconds with the largest unit that needs no fraction, so that {@link parseDuration} reads the same. */
export function formatDuration(ms: number): string {
  const [unit, factor] = [...unitsOfTime].reverse().find(([, each]) => ms % each === 0 && ms >= each) ?? ['s', second];
  return `${ms / factor}${unit}`;
}

const unitsOfSize: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['KiB', 1024],
  ['MiB', 1024 ** 2],
  ['GiB', 1024 ** 3],
]);

const sizeShape = /^(\d{1,12})(B|KiB|MiB|GiB)$/;

/** Reads `512B`, `256KiB`, `1MiB` or `1GiB` as bytes; `undefined` for anything else, a number without unit included. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit] = sizeShape.exec(text) ?? [];
  const factor = unitsOfSize.get(unit ?? '');
  return factor === undefined ? undefined : Number(digits) * factor;
}

/** Writes bytes with the largest unit that needs no fraction, so that {@link parseSize} reads the same. */
export function formatSize(bytes: number): string {
  const [unit, factor] = [...unitsOfSize].reverse().find(([, each]) => bytes % each === 0 && bytes >= each) ?? ['B', 1];
  return `${bytes / factor}${unit}`;
}
