import { freePort } from '../../test/fakes/free-port.ts';
import { caller, peerRequest } from '../requests.ts';
import { post, takeTokens, tokenOf } from './own-tokens.ts';
import { answersWell, type Peer } from './peer.ts';

const REALM = 'bench';
const admin = { username: 'bench', password: 'only for this bench' };

/** It builds itself before the first start, on one processor. */
const PATIENCE_MS = 300_000;

/** A client that may take tokens, and ask about them: it is in their audience, without which Keycloak calls them inactive. */
const client = {
  clientId: caller.id,
  secret: caller.secret,
  serviceAccountsEnabled: true,
  standardFlowEnabled: false,
  protocolMappers: [
    {
      name: 'audience',
      protocol: 'openid-connect',
      protocolMapper: 'oidc-audience-mapper',
      config: {
        'included.client.audience': caller.id,
        'access.token.claim': 'true',
        'introspection.token.claim': 'true',
      },
    },
  ],
};

/** Keycloak in development mode with its database in memory: it introspects the JWTs that it issued itself. */
export const keycloak: Peer = {
  name: 'Keycloak',
  endpoint: 'introspect',
  program: { variable: 'ASSAY_BENCH_KEYCLOAK', file: 'bin/kc.sh of an unpacked release' },
  async start(stage, path) {
    const [port, management] = [await freePort(), await freePort()];
    const base = `http://127.0.0.1:${port}`;
    const child = await stage.program({
      program: path,
      args: [
        ...['start-dev', '--db=dev-mem', '--http-host=127.0.0.1', `--http-port=${port}`],
        // Otherwise the issuer would be what the request says in `Host`.
        ...[`--http-management-port=${management}`, `--hostname=${base}`],
      ],
      env: {
        KC_BOOTSTRAP_ADMIN_USERNAME: admin.username,
        KC_BOOTSTRAP_ADMIN_PASSWORD: admin.password,
        ...(process.env['JAVA_HOME'] !== undefined && { JAVA_HOME: process.env['JAVA_HOME'] }),
      },
      ready: () => answersWell(`${base}/realms/master`),
      patienceMs: PATIENCE_MS,
    });
    await createRealm(base);
    const endpoint = `/realms/${REALM}/protocol/openid-connect/token`;
    const tokens = await takeTokens(`${base}${endpoint}`);
    const requests = tokens.map((token) => peerRequest(`${endpoint}/introspect`, token));
    const version = /Keycloak ([\d.]+)/.exec(await child.output())?.[1] ?? 'of unknown version';
    return { port, child, requests, remark: `${version}, its own JWTs, development mode, H2 in memory` };
  },
};

async function createRealm(base: string): Promise<void> {
  const token = await tokenOf({
    url: `${base}/realms/master/protocol/openid-connect/token`,
    body: new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', ...admin }),
  });
  await post({
    url: `${base}/admin/realms`,
    headers: { authorization: `Bearer ${token}` },
    body: { realm: REALM, enabled: true, accessTokenLifespan: 3600, clients: [client] },
  });
}
