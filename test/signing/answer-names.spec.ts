import { Metadata } from '@grpc/grpc-js';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallerSection } from '../../src/callers/registration/callers.config.js';
import { Reception, SECRET } from '../endpoints/reception.js';
import { authorize, identityOf } from '../gateway/support/authorize.js';
import { EnvoyClient } from '../gateway/support/envoy.js';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';
import { askForAny } from '../transport/http/support/ask.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { header } from '../transport/http/support/raw-http.js';
import { basic } from '../transport/http/support/requests.js';
import { aSigning, ourKeys } from './support/a-signing.js';

const everything = { issuers: 'any', audiences: 'any', claims: 'any', signed: { alg: 'ES256' } } as const;
const callers: readonly CallerSection[] = [
  { id: 'signing', proxy: false, secrets: [{ value: SECRET }], ...everything },
  { id: 'edge-signing', proxy: true, upstream: 'https://orders.internal', ...everything },
];

describe('SIG-02 the name of a signed answer (jti)', () => {
  let reception: Reception;
  let http: HttpEndpoint;
  let grpc: GrpcEndpoint;
  let envoy: EnvoyClient;
  let token: string;

  beforeAll(async () => {
    reception = await Reception.open({ callers, signing: aSigning(...ourKeys) });
    const trustedProxies = ['127.0.0.1'];
    http = await HttpEndpoint.before(reception, { trustedProxies });
    grpc = await GrpcEndpoint.before(reception, { trustedProxies });
    envoy = new EnvoyClient(grpc.port);
    token = reception.context.good.build();
  });

  afterAll(async () => {
    envoy.close();
    await Promise.all([http.close(), grpc.close()]);
  });

  const named = (requestId?: string) => (requestId === undefined ? {} : { 'X-Request-Id': requestId });

  /** Each endpoint that signs: the answer, and the name of the request that it answers. */
  const endpoints: Readonly<Record<string, (requestId?: string) => Promise<readonly (string | undefined)[]>>> = {
    '/introspect': async (requestId) => {
      const accept = { Accept: 'application/token-introspection+jwt', Authorization: basic('signing') };
      const answer = await askForAny(http, { headers: { ...accept, ...named(requestId) }, body: `token=${token}` });
      return [answer.body, header(answer, 'x-request-id')];
    },
    '/authorize': async (requestId) => {
      const answer = await authorize(http, { token, query: 'caller=edge-signing', headers: named(requestId) });
      return [identityOf(answer)['x-auth-jwt'], header(answer, 'x-request-id')];
    },
    ext_authz: async (requestId = 'edge') => {
      const metadata = new Metadata();
      metadata.set('x-request-id', requestId);
      const { headers } = await envoy.check({ token, extensions: { caller: 'edge-signing' }, metadata });
      return [headers['x-auth-jwt'], requestId];
    },
  };

  it.each(Object.entries(endpoints))(
    'leads from an answer of %s to what the audit trail says of its request',
    async (_name, ask) => {
      const [jwt = '', requestId = 'none'] = await ask();
      const [found, ...others] = String(decodeJwt(jwt).jti).split(`${requestId}.`);
      expect([found, others]).toEqual(['', [expect.stringMatching(/^[0-9a-f]{12}$/)]]);
      expect(reception.audit.records.at(-1)).toMatchObject({
        action: 'decision',
        fields: { verdict: 'active', request_id: requestId },
      });
    },
  );

  it.each(Object.entries(endpoints))(
    'is that of one answer of %s alone, also where a proxy calls two requests the same: none is remembered',
    async (_name, ask) => {
      const [first = ''] = await ask('edge-42');
      const [second = ''] = await ask('edge-42');
      await reception.clock.advance(1_000);
      const [later = ''] = await ask('edge-42');
      const answers = [first, second, later].map((jwt) => decodeJwt(jwt));
      expect(new Set(answers.map(({ jti }) => jti)).size).toBe(3);
      expect(answers[2]?.iat).toBe(answers[0]!.iat! + 1);
      expect(answers[2]?.['token_introspection']).toEqual(answers[0]?.['token_introspection']);
    },
  );
});
