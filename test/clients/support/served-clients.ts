// Starts the servers of docs/clients with the blocks of their pages: what surrounds a paste on the reader's machine is here.
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/shared/package-root.js';
import { askDovecot } from './ask-dovecot.js';
import type { AskedAssay } from './asked-assay.js';
import { RunningServer, type Place } from './running-server.js';
import { servedBlock } from './served-page.js';

/** How a server asks Assay. */
export interface Asking {
  readonly url: string;
  readonly client: string;
  readonly secret: string;
  readonly assay: AskedAssay;
  /** The upstream of a proxy. */
  readonly upstream: string;
}

/** A server that is started with its page's blocks; `ask` says what its users see. */
export interface ServedClient {
  readonly page: string;
  /** It takes nothing but https. */
  readonly isSecure?: boolean;
  /** It names a caller that has `proxy: true`, and no secret. */
  readonly isProxy?: boolean;
  start(asking: Asking): Promise<RunningServer>;
  ask(server: RunningServer, token: string): Promise<string>;
}

const environment = ({ url, client, secret }: Asking, place: Place) => ({
  ASSAY_URL: url,
  ASSAY_CLIENT: client,
  ASSAY_SECRET: secret,
  LISTEN: `127.0.0.1:${place.port}`,
  PORT: String(place.port),
});

/** Status, and what came with it: who it is for the good, the challenge or the time to wait for others. */
async function seenOverHttp(answer: Response): Promise<string> {
  const body = await answer.text();
  const who = answer.ok && /alice|mallory/.exec(`${answer.headers.get('x-user') ?? ''} ${body}`)?.[0];
  const challenge = answer.headers.get('www-authenticate');
  const wait = answer.headers.get('retry-after');
  return `${answer.status}${who ? ` as ${who}` : ''}${challenge ? ` ${challenge}` : ''}${wait ? `, retry after ${wait}` : ''}`;
}

const askOrders = async ({ url }: RunningServer, token: string): Promise<string> =>
  seenOverHttp(await fetch(`${url}/orders`, { headers: { authorization: `Bearer ${token}` } }));

function apache(page: string, module: string): Pick<ServedClient, 'page' | 'start' | 'ask'> {
  return {
    page,
    start: (asking) =>
      RunningServer.start('apache2', (place) => {
        place.write('orders', 'your orders');
        place.write('authority.pem', asking.assay.authority);
        const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'headers', module];
        const frame = [
          'ServerName localhost',
          `ServerRoot ${place.folder}`,
          `DefaultRuntimeDir ${place.folder}`,
          `PidFile ${place.folder}/pid`,
          `ErrorLog ${place.folder}/log`,
          'Mutex pthread',
          'User www-data',
          'Group www-data',
          ...modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
          ...(module === 'auth_openidc' ? [`OIDCCABundlePath ${place.folder}/authority.pem`] : []),
          `Listen 127.0.0.1:${place.port}`,
          `DocumentRoot ${place.folder}`,
          'Header always set X-User "expr=%{REMOTE_USER}"',
          servedBlock(page, 'apache'),
        ];
        const file = place.write('apache.conf', frame.join('\n'));
        return { args: ['-f', file, '-DFOREGROUND'], env: environment(asking, place) };
      }),
    ask: askOrders,
  };
}

const haproxy: ServedClient = {
  page: 'haproxy.md',
  isProxy: true,
  start: (asking) =>
    RunningServer.start('haproxy', (place) => {
      place.write('assay.lua', servedBlock('haproxy.md', 'lua'));
      place.write('haproxy.cfg', servedBlock('haproxy.md', 'haproxy'));
      const env = { ...environment(asking, place), UPSTREAM: asking.upstream };
      return { args: ['-db', '-f', 'haproxy.cfg'], env };
    }),
  ask: askOrders,
};

const django: ServedClient = {
  page: 'django.md',
  start: (asking) =>
    RunningServer.start('/usr/bin/python3', (place) => ({
      args: [place.write('orders.py', servedBlock('django.md', 'python'))],
      env: environment(asking, place),
    })),
  ask: askOrders,
};

const dovecot: ServedClient = {
  page: 'dovecot.md',
  start: (asking) =>
    RunningServer.start('dovecot', (place) => {
      const { host } = new URL(asking.url);
      const written = 'https://mail-api:secret@assay.example.com';
      const settings = servedBlock('dovecot.md', 'ini').replace(
        written,
        `http://${asking.client}:${asking.secret}@${host}`,
      );
      const file = place.write('dovecot-oauth2.conf.ext', settings);
      const frame = [
        `base_dir = ${place.folder}/run`,
        `state_dir = ${place.folder}/run`,
        `log_path = ${place.folder}/log`,
        'protocols =',
        'ssl = no',
        'auth_failure_delay = 0',
        'userdb {\n  driver = static\n  args = uid=nobody gid=nogroup home=/nonexistent\n}',
        servedBlock('dovecot.md', 'dovecot').replace('/etc/dovecot/dovecot-oauth2.conf.ext', file),
      ];
      place.write('dovecot.conf', `${frame.join('\n')}\n`);
      return { args: ['-F', '-c', 'dovecot.conf'], env: {}, socket: join(place.folder, 'run', 'auth-client') };
    }),
  ask: ({ socket }, token) => askDovecot(socket, token),
};

const mcp: ServedClient = {
  page: 'mcp.md',
  start: (asking) =>
    RunningServer.start(process.execPath, (place) => {
      // As in the checkout, where the packages are.
      symlinkSync(join(packageRoot, 'node_modules'), join(place.folder, 'node_modules'));
      const file = place.write('orders.mjs', servedBlock('mcp.md', 'js'));
      return { args: [file], env: environment(asking, place) };
    }),
  ask: async ({ url }, token) => {
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'whoami', arguments: {} } };
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    };
    return seenOverHttp(await fetch(`${url}/mcp`, { method: 'POST', headers, body: JSON.stringify(call) }));
  },
};

/** All of them. */
export const servedClients: readonly ServedClient[] = [
  { ...apache('apache.md', 'auth_openidc'), isSecure: true },
  apache('apache-mod-oauth2.md', 'oauth2'),
  dovecot,
  haproxy,
  django,
  mcp,
];
