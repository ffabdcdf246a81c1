// `npm run release -- 1.2.3 --image registry.example.com/assay`: tests, sets the version everywhere, commits, tags, and builds image, chart
// and SBOM of exactly that commit into release/. It pushes nothing: what to push is what it prints at the end.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { helm } from './helm.mjs';
import { at, root } from './project.mjs';
import { releasedFiles, releaseTexts } from './release-texts.mjs';
import { sbom } from './sbom.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { image: { type: 'string' }, 'skip-tests': { type: 'boolean', default: false } },
});
const [version = ''] = positionals;
const output = at('release');

function main() {
  if (call('git', 'status', '--porcelain') !== '') throw new Error('there are changes that are not committed');
  const texts = Object.fromEntries(releasedFiles.map((file) => [file, readFileSync(at(file), 'utf8')]));
  const released = releaseTexts(texts, version, new Date().toISOString().slice(0, 10));
  if (!values['skip-tests']) show('npm', 'test');
  for (const [file, text] of Object.entries(released)) writeFileSync(at(file), text);
  show('git', 'commit', '--all', '--message', `Release ${version}`);
  show('git', 'tag', '--annotate', `v${version}`, '--message', `Assay ${version}`);
  build();
  console.log(`\nAssay ${version} is tagged and built. Push it: git push --follow-tags`);
}

function build() {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output);
  writeFileSync(at('release', 'sbom.cdx.json'), sbom());
  show(helm(), 'package', at('helm'), '--destination', output);
  if (values.image) buildImage(`${values.image}:${version}`);
}

function buildImage(name) {
  const engine = ['docker', 'podman', 'buildah'].find((each) => spawnSync(each, ['--version']).status === 0);
  if (!engine) throw new Error('an image needs docker, podman or buildah; everything else is in release/');
  // Of the commit, not of the day: the same commit makes the same labels.
  const [revision, created] = ['%H', '%cI'].map((format) => call('git', 'log', '-1', `--format=${format}`));
  const args = { VERSION: version, REVISION: revision, CREATED: created };
  show(
    engine,
    'build',
    ...Object.entries(args).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
    '--tag',
    name,
    root,
  );
  console.log(`push the image: ${engine} push ${name}`);
}

/** @returns what it printed */
function call(command, ...args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
  return stdout.trimEnd();
}

function show(command, ...args) {
  if (spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status !== 0)
    throw new Error(`${command} ${args[0]} failed`);
}

try {
  main();
} catch (error) {
  console.error(`not released: ${error.message}`);
  process.exitCode = 1;
}
