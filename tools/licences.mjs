// docs/licences.md: what the image carries, and under which licence, from the lock file.

/** Licences that ask for no more than being named. Another one is for a person to decide. */
const accepted = new Set(['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD', 'BlueOak-1.0.0']);

/**
 * @param lock the parsed package-lock.json
 * @returns a table
 * @throws {Error} which names every package whose licence is not among those that were thought about
 */
export function licences(lock) {
  const packages = Object.entries(lock.packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path, { version, license }]) => ({ name: path.split('node_modules/').at(-1), version, licence: license }))
    .sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
  const others = packages.filter(({ licence }) => !accepted.has(licence));
  if (others.length > 0) {
    const named = others.map(({ name, licence }) => `${name} (${licence ?? 'none'})`);
    throw new Error(`licences that nobody has thought about: ${named.join(', ')}`);
  }
  const rows = packages.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
  return ['| package | version | licence |', '|---|---|---|', ...new Set(rows), ''].join('\n');
}
