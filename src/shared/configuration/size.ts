const units: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['KiB', 1024],
  ['MiB', 1024 ** 2],
  ['GiB', 1024 ** 3],
]);

const shape = /^(\d{1,12})(B|KiB|MiB|GiB)$/;

/** Reads `512B`, `256KiB`, `1MiB` or `1GiB` as bytes; `undefined` for anything else, a number without unit included. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit] = shape.exec(text) ?? [];
  const factor = units.get(unit ?? '');
  return factor === undefined ? undefined : Number(digits) * factor;
}

/** Writes bytes with the largest unit that needs no fraction, so that {@link parseSize} reads the same. */
export function formatSize(bytes: number): string {
  const [unit, factor] = [...units].reverse().find(([, each]) => bytes % each === 0 && bytes >= each) ?? ['B', 1];
  return `${bytes / factor}${unit}`;
}
