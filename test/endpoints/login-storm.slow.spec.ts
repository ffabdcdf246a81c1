import { Metadata } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { GrpcClient } from '../transport/grpc/support/client.js';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { talk } from '../transport/http/support/raw-http.js';
import { basic, request } from '../transport/http/support/requests.js';

const wrongOnes = 4_000;
/** One right one behind so many wrong ones. */
const every = 20;

/** Where requests come from: by itself, or as a trusted proxy says; the right ones come from the first of them. */
const origins = [
  ['one address', [], 1],
  ['one address behind a trusted proxy', ['127.0.0.1'], 1],
  ['1,000 addresses behind a trusted proxy', ['127.0.0.1'], 1_000],
] as const;

const addressOf = (i: number): string => `198.18.${i >> 8}.${i & 255}`;

/** Wrong logins under the id of a caller, and its right ones among them, beginning with a service that has just started. */
describe.each(origins)('I-02 a storm of wrong logins from %s', (_what, trustedProxies, addresses) => {
  let close: (() => Promise<void>) | undefined;

  afterEach(() => close?.());

  it('refuses no right one over HTTP', async () => {
    const endpoint = await HttpEndpoint.open({ trustedProxies: [...trustedProxies] });
    close = () => endpoint.close();
    const ask = (i: number, secret?: string): Buffer => {
      const Authorization = basic('orders', secret);
      return request({ headers: { Authorization, 'X-Forwarded-For': addressOf(i % addresses) }, body: 'token=a' });
    };
    const [right, wrong] = [new Map<number, number>(), new Map<number, number>()];
    for (let i = 0; i < wrongOnes; i += every) {
      const storm = Array.from({ length: every }, (_, k) => ask(i + k, 'guess'));
      const answers = await talk(endpoint.port, Buffer.concat([...storm, ask(0)]));
      answers.forEach(({ status }, k) => {
        const count = k === every ? right : wrong;
        count.set(status, (count.get(status) ?? 0) + 1);
      });
    }
    expect(right).toEqual(new Map([[200, wrongOnes / every]]));
    expect(wrong.get(429)).toBeGreaterThan(wrongOnes * 0.9);
    expect([...wrong.keys()].sort()).toEqual([401, 429]);
  }, 120_000);

  it('refuses no right one over gRPC', async () => {
    const endpoint = await GrpcEndpoint.open({ trustedProxies: [...trustedProxies] });
    const client = new GrpcClient(endpoint.port);
    close = async () => {
      client.close();
      await endpoint.close();
    };
    const ask = async (i: number, secret?: string): Promise<string> => {
      const metadata = new Metadata();
      metadata.set('x-forwarded-for', addressOf(i % addresses));
      return (await client.introspect('a', { authorization: basic('orders', secret), metadata })).status;
    };
    const [right, wrong]: [string[], string[]] = [[], []];
    for (let i = 0; i < wrongOnes; i += every) {
      const storm = Array.from({ length: every }, (_, k) => ask(i + k, 'guess'));
      right.push(await ask(0));
      wrong.push(...(await Promise.all(storm)));
    }
    expect(new Set(right)).toEqual(new Set(['OK']));
    expect(new Set(wrong)).toEqual(new Set(['UNAUTHENTICATED', 'RESOURCE_EXHAUSTED']));
  }, 120_000);
});
