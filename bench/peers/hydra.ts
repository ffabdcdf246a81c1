import { freePort } from '../../test/fakes/free-port.ts';
import { caller, presentedRequest } from '../requests.ts';
import { post, takeTokens } from './own-tokens.ts';
import { answersWell, type Peer } from './peer.ts';

const scope = 'orders:read orders:write';

/** Ory Hydra with SQLite in memory: its admin API introspects the opaque tokens that it issued itself, and asks nobody who asks. */
export const hydra: Peer = {
  name: 'Ory Hydra',
  endpoint: 'introspect',
  program: { variable: 'ASSAY_BENCH_HYDRA', file: 'the program hydra, built with SQLite' },
  async start(stage, path) {
    const [publicPort, port] = [await freePort(), await freePort()];
    const [publicBase, base] = [`http://127.0.0.1:${publicPort}`, `http://127.0.0.1:${port}`];
    const child = await stage.program({
      program: path,
      args: ['serve', 'all', '--dev'],
      env: {
        DSN: 'memory',
        SECRETS_SYSTEM: 'only for this bench',
        SERVE_PUBLIC_HOST: '127.0.0.1',
        SERVE_PUBLIC_PORT: String(publicPort),
        SERVE_ADMIN_HOST: '127.0.0.1',
        SERVE_ADMIN_PORT: String(port),
        URLS_SELF_ISSUER: publicBase,
        // It would write two lines for each request.
        LOG_LEVEL: 'error',
        SQA_OPT_OUT: 'true',
      },
      ready: () => answersWell(`${base}/health/ready`),
    });
    const grants = { grant_types: ['client_credentials'], scope };
    const body = { client_id: caller.id, client_secret: caller.secret, ...grants };
    await post({ url: `${base}/admin/clients`, body });
    const tokens = await takeTokens(`${publicBase}/oauth2/token`, scope);
    const requests = tokens.map((token) => presentedRequest(token, {}, '/admin/oauth2/introspect'));
    return { port, child, requests, remark: 'opaque tokens, SQLite in memory, no caller authentication' };
  },
};
