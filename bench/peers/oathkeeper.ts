import { freePort } from '../../test/fakes/free-port.ts';
import { audience } from '../tokens.ts';
import { decisionRequests, publish, written } from './gateway.ts';
import { answersWell, type Peer } from './peer.ts';

const host = '127.0.0.1';

/** The decision API of Ory Oathkeeper. It remembers keys, and verifies each token whenever it comes. */
export const oathkeeper: Peer = {
  name: 'Ory Oathkeeper',
  endpoint: 'authorize',
  program: { variable: 'ASSAY_BENCH_OATHKEEPER', file: 'the program oathkeeper' },
  async start(stage, path, signer) {
    const [proxy, port, prometheus] = [await freePort(), await freePort(), await freePort()];
    const rules = await written(stage, [
      {
        id: 'all',
        match: { url: '<https?>://<.*>', methods: ['GET'] },
        authenticators: [{ handler: 'jwt' }],
        authorizer: { handler: 'allow' },
        mutators: [{ handler: 'header' }],
      },
    ]);
    const trusted = { trusted_issuers: [signer.issuer], target_audience: [audience] };
    const jwt = { jwks_urls: [await publish(stage, signer)], ...trusted, allowed_algorithms: [signer.key.alg] };
    const configuration = await written(stage, {
      log: { level: 'error' },
      serve: { proxy: { host, port: proxy }, api: { host, port }, prometheus: { host, port: prometheus } },
      access_rules: { repositories: [`file://${rules}`] },
      authenticators: { jwt: { enabled: true, config: jwt } },
      authorizers: { allow: { enabled: true } },
      mutators: { header: { enabled: true, config: { headers: { 'X-Subject': '{{ print .Subject }}' } } } },
      errors: { fallback: ['json'], handlers: { json: { enabled: true, config: {} } } },
    });
    const child = await stage.program({
      program: path,
      args: ['serve', '-c', configuration],
      ready: () => answersWell(`http://${host}:${port}/health/ready`),
    });
    return { port, child, requests: decisionRequests(signer, '/decisions/orders'), remark: 'decision API, JWTs' };
  },
};
