// Programs that tests need beside Node and npm, by the Debian package that brings them.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const needed = [
  { command: 'curl', package: 'curl' }, // pastes what demo mode prints
  { command: 'git', package: 'git' }, // clones the repository as a newcomer does
  { command: 'jq', package: 'jq' }, // searches the audit trail as docs/audit.md says
  { command: 'openssl', package: 'openssl' }, // computes the keyed hashes that are in it
  { command: 'redis-server', package: 'redis-server' }, // the store that replicas share; also Sentinel and Cluster
  { command: 'chromium', package: 'chromium' }, // shows the console as operators see it
  { command: 'promtool', package: 'prometheus' }, // reads metrics, rules and dashboards as Prometheus does
  { command: 'nginx', package: 'nginx-light' }, // asks /authorize as docs/recipes/nginx.md says
  { command: 'protoc', package: 'protobuf-compiler' }, // compiles our interfaces for other languages
  { command: 'protoc-gen-go', package: 'protoc-gen-go-1-5' }, // the same for Go
  { command: 'php', package: 'php-cli' }, // runs the client of docs/clients/php.md, and so on
  { command: 'perl', package: 'perl' },
  { command: '/usr/bin/python3', package: 'python3' }, // Debian's own, which finds the packages below
  { command: 'python3-jwt', file: '/usr/lib/python3/dist-packages/jwt', package: 'python3-jwt' },
  {
    command: 'python3-cryptography',
    file: '/usr/lib/python3/dist-packages/cryptography',
    package: 'python3-cryptography',
  },
  { command: 'python3-authlib', file: '/usr/lib/python3/dist-packages/authlib', package: 'python3-authlib' },
  { command: 'python3-requests', file: '/usr/lib/python3/dist-packages/requests', package: 'python3-requests' },
  { command: 'python3-grpcio', file: '/usr/lib/python3/dist-packages/grpc', package: 'python3-grpcio' },
  { command: 'python3-protobuf', file: '/usr/lib/python3/dist-packages/google/protobuf', package: 'python3-protobuf' },
  {
    command: 'django-oauth-toolkit',
    file: '/usr/lib/python3/dist-packages/oauth2_provider',
    package: 'python3-django-oauth-toolkit',
  },
  {
    command: 'mod_auth_openidc',
    file: '/usr/lib/apache2/modules/mod_auth_openidc.so',
    package: 'libapache2-mod-auth-openidc',
  },
  { command: 'mod_oauth2', file: '/usr/lib/apache2/modules/mod_oauth2.so', package: 'libapache2-mod-oauth2' },
  { command: 'dovecot', package: 'dovecot-core' },
  { command: 'haproxy', package: 'haproxy' },
  { command: 'cobc', package: 'gnucobol3' }, // brings the C compiler that it calls
  { command: 'luac', package: 'lua5.4' }, // parses what documents write in Lua
  { command: 'ruby', package: 'ruby' },
  { command: 'go', package: 'golang-go' },
  {
    command: 'go-jose',
    file: '/usr/share/gocode/src/gopkg.in/square/go-jose.v2',
    package: 'golang-gopkg-square-go-jose.v2-dev', // checks a signed header as docs/signed-answers.md says
  },
  { command: 'busybox', package: 'busybox' },
  { command: 'caddy', package: 'caddy' }, // asks /authorize as docs/recipes/caddy.md says
  { command: 'prlimit', package: 'util-linux' }, // leaves the program no room on its disk
  { command: 'buildah', package: 'buildah' }, // builds the Dockerfile
  { command: 'runc', package: 'runc' }, // runs what came of it
];

/**
 * Installs what is missing of these commands, where that is possible. Never skips silently.
 * @param {readonly string[]} commands of the list above
 * @throws {Error} one line that names the packages, where it is not
 */
export function ensureSystemPackages(commands) {
  const missingOnes = () =>
    needed.filter((each) => commands.includes(each.command) && !isThere(each)).map((each) => each.package);
  const missing = missingOnes();
  if (missing.length === 0) return;
  if (isPresent('apt-get') && process.getuid?.() === 0) install(missing);
  const stillMissing = missingOnes();
  if (stillMissing.length > 0) {
    throw new Error(
      `the tests need the Debian packages ${stillMissing.join(', ')}: apt-get install ${stillMissing.join(' ')}`,
    );
  }
}

function install(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (...args) => spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 2, 2], env }).status === 0;
  const all = ['install', '-y', '--no-install-recommends', ...packages];
  if (!aptGet(...all)) aptGet('update') && aptGet(...all);
}

/** Some bring a library instead of a command: what is there then is a file. */
function isThere({ command, file }) {
  return file === undefined ? isPresent(command) : existsSync(file);
}

function isPresent(command) {
  return spawnSync('sh', ['-c', 'command -v "$0"', command], { stdio: 'ignore' }).status === 0;
}
