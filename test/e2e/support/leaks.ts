/** What looks like a JWT, or like the start of one, wherever it stands. */
const tokenShaped = /eyJ[A-Za-z0-9_-]{6,}/;

/**
 * Looks for what nobody may ever read in an output (INV-01).
 * @param planted secrets, tokens and subjects that the test has sent or configured
 * @returns what was found, in words that do not repeat it; empty when all is well
 */
export function leaksIn(output: string, planted: readonly string[]): readonly string[] {
  const found = planted.filter((text) => output.includes(text)).map((text) => `planted text ${text.slice(0, 6)}…`);
  return tokenShaped.test(output) ? [...found, 'something token-shaped'] : found;
}

/** Every secret that a configuration spells out, wherever in it. */
export function secretsOf(configuration: unknown): readonly string[] {
  if (typeof configuration !== 'object' || configuration === null) return [];
  return Object.entries(configuration).flatMap(([name, value]) =>
    /secret/i.test(name) ? stringsIn(value) : secretsOf(value),
  );
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.startsWith('${') ? [] : [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
