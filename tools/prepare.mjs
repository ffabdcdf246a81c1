// Makes a checkout runnable: installs what is missing, builds what is stale. Nothing to do costs milliseconds.
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { at, node24, pathWithoutProject, run } from './project.mjs';

/** What npm has installed, as it writes it at the end of each installation: after a half-finished one there is none. */
const installed = at('node_modules', '.package-lock.json');

/** Holds the digest of what `dist` was built from. */
const builtFrom = at('dist', '.built-from');

/** @throws {Error} a sentence for a person, when a step failed */
export async function prepare() {
  await installIfStale();
  await buildIfStale();
}

/** @throws {Error} a sentence for a person */
export async function installIfStale() {
  if (isInstalled()) return;
  if (lstatSync(at('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink())
    throw new Error('node_modules is a link: an installation would empty what it points to');
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  const code = await run('npm', args, { path: pathWithoutProject() });
  if (code !== 0) throw new Error(`npm ci failed with exit code ${code}: is the npm registry reachable?`);
}

/** By content: a checkout makes files newer that say the same. */
function isInstalled() {
  const [wanted, there] = [packagesOf(at('package-lock.json')), packagesOf(installed)];
  const names = new Set([...Object.keys(wanted), ...Object.keys(there)].filter((name) => name !== ''));
  // One that is optional may be meant for another system.
  return [...names].every(
    (name) =>
      (wanted[name]?.optional && there[name] === undefined) ||
      (wanted[name]?.version === there[name]?.version && wanted[name]?.integrity === there[name]?.integrity),
  );
}

function packagesOf(lockFile) {
  return JSON.parse(textOf(lockFile) ?? '{}').packages ?? {};
}

/** @throws {Error} a sentence for a person */
export async function buildIfStale() {
  if (textOf(builtFrom) !== digestOfSources()) await build();
}

/** Builds `dist` with the type checker on. */
export async function build() {
  const digest = digestOfSources();
  for (const step of [[at('node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build'], [at('tools', 'bundle.mjs')]]) {
    const code = await run(node24, step);
    if (code !== 0) throw new Error(`the build failed with exit code ${code}`);
  }
  writeFileSync(builtFrom, digest);
}

function digestOfSources() {
  const hash = createHash('sha256');
  const settings = ['package-lock.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'];
  const bundlers = ['tools/bundle.mjs', 'tools/bundle-console.mjs', 'tools/bundle-docs.mjs'];
  const documents = ['SECURITY.md', 'CHANGELOG.md', ...sources('docs')];
  for (const file of [...settings, ...bundlers, ...sources('src'), ...sources('console'), ...documents])
    hash
      .update(`${file}\0`)
      .update(readFileSync(at(file)))
      .update('\0');
  return hash.digest('hex');
}

function sources(folder) {
  return readdirSync(at(folder), { recursive: true })
    .filter((file) => /\.(tsx?|json|css|html|svg|md|png)$/.test(file) && !file.endsWith('.spec.ts'))
    .map((file) => `${folder}/${file}`)
    .sort();
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
