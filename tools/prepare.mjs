// Makes a checkout runnable: installs what is missing, builds what is stale. Nothing to do costs milliseconds.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { at, node24, pathWithoutProject, run } from './project.mjs';

/** npm writes this at the end of each installation: a half-finished one has none. */
const installed = at('node_modules', '.package-lock.json');

/** Holds the digest of what `dist` was built from. */
const builtFrom = at('dist', '.built-from');

/** @throws {Error} a sentence for a person, when a step failed */
export async function prepare() {
  if (needsInstall()) await install();
  if (needsBuild()) await build();
}

function needsInstall() {
  const [lock, done] = [modifiedMs(at('package-lock.json')), modifiedMs(installed)];
  return done === undefined || lock > done;
}

async function install() {
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  const code = await run('npm', args, { path: pathWithoutProject() });
  if (code !== 0) throw new Error(`npm ci failed with exit code ${code}: is the npm registry reachable?`);
}

function needsBuild() {
  return textOf(builtFrom) !== digestOfSources();
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
  const settings = ['package-lock.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json', 'tools/bundle.mjs'];
  for (const file of [...settings, ...sources()])
    hash
      .update(`${file}\0`)
      .update(readFileSync(at(file)))
      .update('\0');
  return hash.digest('hex');
}

function sources() {
  return readdirSync(at('src'), { recursive: true })
    .filter((file) => /\.(ts|json)$/.test(file) && !file.endsWith('.spec.ts'))
    .map((file) => `src/${file}`)
    .sort();
}

function modifiedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
