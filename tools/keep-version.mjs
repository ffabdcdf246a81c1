// Keeps the program of a commit in `test/upgrading/versions/`, for the test that runs it beside the present one on one Redis. It is
// kept as a file because a checkout may have no history. Only our own code is in it: packages come from `node_modules`.
// Arguments: a commit, and the name to keep it under: `node tools/keep-version.mjs db3bb96 0.1.0-november`.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { rolldown } from 'rolldown';
import { at, node24, root } from './project.mjs';

const [commit, name] = process.argv.slice(2);
if (commit === undefined || name === undefined) {
  console.error('Say which commit to keep and under which name: node tools/keep-version.mjs <commit> <name>');
  process.exit(64);
}

const folder = mkdtempSync(join(tmpdir(), 'assay-keep-'));
const [sources, kept] = [join(folder, 'sources'), join(folder, 'kept')];
const git = (...args) => execFileSync('git', args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });

git('worktree', 'add', '--detach', sources, commit);
try {
  symlinkSync(at('node_modules'), join(sources, 'node_modules'));
  execFileSync(node24, [at('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'], {
    cwd: sources,
    stdio: 'inherit',
  });
  await bundleOwnCode();
  for (const part of ['package.json', 'proto', 'LICENSE'])
    cpSync(join(sources, part), join(kept, part), { recursive: true });
  mkdirSync(at('test', 'upgrading', 'versions'), { recursive: true });
  const archive = at('test', 'upgrading', 'versions', `${name}.tgz`);
  execFileSync('tar', [
    '--sort=name',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mtime=@0',
    '-czf',
    archive,
    '-C',
    kept,
    '.',
  ]);
  console.log(`kept ${commit} as ${archive}`);
} finally {
  git('worktree', 'remove', '--force', sources);
  rmSync(folder, { recursive: true, force: true });
}

async function bundleOwnCode() {
  const bundle = await rolldown({
    input: { main: join(sources, 'dist', 'main.js') },
    platform: 'node',
    external: (id) => !id.startsWith('.') && !isAbsolute(id),
  });
  await bundle.write({
    dir: join(kept, 'dist'),
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    keepNames: true,
    minify: true,
  });
  await bundle.close();
}
