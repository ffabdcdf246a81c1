// The parts of `npm test`. Where a test file is, and how it is called, says which part it belongs to: the first one that fits.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project.mjs';

/** @type {readonly import('./test-parts.mjs').Part[]} */
export const parts = [
  {
    name: 'unit',
    folder: 'src',
    suffix: '.spec.ts',
    workers: 2,
    commands: [],
    needsBuild: false,
  },
  {
    name: 'slow',
    folder: 'test',
    suffix: '.slow.spec.ts',
    workers: 2,
    commands: [
      'curl',
      'git',
      'jq',
      'openssl',
      'redis-server',
      'promtool',
      'nginx',
      'luac',
      'buildah',
      'runc',
      'protoc',
      'protoc-gen-go',
      'php',
      'perl',
      '/usr/bin/python3',
      'python3-jwt',
      'python3-cryptography',
      'python3-authlib',
      'python3-requests',
      'python3-grpcio',
      'python3-protobuf',
      'django-oauth-toolkit',
      'mod_auth_openidc',
      'mod_oauth2',
      'dovecot',
      'haproxy',
      'cobc',
      'ruby',
      'go',
      'go-jose',
      'busybox',
      'caddy',
    ],
    needsBuild: false,
  },
  {
    name: 'e2e',
    folder: 'test/e2e',
    suffix: '.spec.ts',
    workers: 4,
    commands: ['curl', 'jq', 'openssl', 'prlimit', 'redis-server', 'nginx', 'chromium'],
    needsBuild: true,
  },
  {
    name: 'integration',
    folder: 'test',
    suffix: '.spec.ts',
    workers: 3,
    commands: ['curl', 'git', 'jq', 'redis-server', 'promtool', 'nginx'],
    needsBuild: false,
  },
];

/** @returns the files that fit, as a glob */
export const globOf = ({ folder, suffix }) => `${folder}/**/*${suffix}`;

/** @returns the part of a file, by its path below the root */
export function partOf(file) {
  return parts.find(({ folder, suffix }) => file.startsWith(`${folder}/`) && file.endsWith(suffix));
}

/** @returns globs of files that fit, but belong to a part before it */
export function claimedBefore(part) {
  return parts.slice(0, parts.indexOf(part)).map(globOf);
}

/** @returns paths of all test files below the root */
export function testFiles() {
  return ['src', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((file) => `${folder}/${file}`)
      .filter((file) => partOf(file) !== undefined),
  );
}
