import { freePort } from '../../test/fakes/free-port.ts';
import { audience } from '../tokens.ts';
import { decisionRequests, publish, written } from './gateway.ts';
import { answersWell, type Peer } from './peer.ts';

/** heimdall's decision service. It remembers keys, and verifies each token whenever it comes. */
export const heimdall: Peer = {
  name: 'heimdall',
  endpoint: 'authorize',
  program: { variable: 'ASSAY_BENCH_HEIMDALL', file: 'the program heimdall' },
  async start(stage, path, signer) {
    const [port, management] = [await freePort(), await freePort()];
    const host = '127.0.0.1';
    const assertions = { issuers: [signer.issuer], audience: [audience], allowed_algorithms: [signer.key.alg] };
    const jwksEndpoint = { url: await publish(stage, signer) };
    const rules = await written(stage, {
      version: '1alpha4',
      name: 'bench',
      rules: [
        {
          id: 'all',
          match: { routes: [{ path: '/**' }] },
          execute: [{ authenticator: 'token' }, { authorizer: 'all' }, { finalizer: 'subject' }],
        },
      ],
    });
    const configuration = await written(stage, {
      log: { level: 'error', access_log_enabled: false },
      tracing: { enabled: false },
      metrics: { enabled: false },
      serve: { host, port, trusted_proxies: [host] },
      management: { host, port: management },
      mechanisms: {
        authenticators: [{ id: 'token', type: 'jwt', config: { jwks_endpoint: jwksEndpoint, assertions } }],
        authorizers: [{ id: 'all', type: 'allow' }],
        finalizers: [{ id: 'subject', type: 'header', config: { headers: { 'X-Subject': '{{ .Subject.ID }}' } } }],
      },
      providers: { file_system: { src: rules } },
    });
    const child = await stage.program({
      program: path,
      // It would insist on TLS to everybody.
      args: ['serve', 'decision', '-c', configuration, '--insecure'],
      ready: () => answersWell(`http://${host}:${management}/.well-known/health`),
    });
    const remark = 'decision service, JWTs, no metrics';
    return { port, child, requests: decisionRequests(signer, '/orders'), remark };
  },
};
