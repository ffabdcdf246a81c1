import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EnvoyClient } from '../gateway/support/envoy.js';
import { GrpcClient } from '../transport/grpc/support/client.js';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { header, talk } from '../transport/http/support/raw-http.js';
import { request } from '../transport/http/support/requests.js';
import { Reception } from './reception.js';

let reception: Reception;
let http: HttpEndpoint;
let grpc: GrpcEndpoint;

beforeAll(async () => {
  reception = await Reception.open();
  http = await HttpEndpoint.before(reception);
  grpc = await GrpcEndpoint.before(reception, { trustedProxies: ['127.0.0.1'] });
  reception.overload.start();
});

afterAll(async () => {
  await grpc.close();
  await http.close();
});

/** The loop is said to be late for so long that everything is refused, and afterwards in time again. */
async function whileLate(action: () => Promise<void>): Promise<void> {
  reception.loopDelay.ms = 1_000;
  await reception.clock.advance(1_000);
  await action();
  reception.loopDelay.ms = 0;
  await reception.clock.advance(5_000);
}

describe('X19 J-03 when the event loop is late', () => {
  it('HTTP answers 503, when to come back, and closes; nobody is authenticated and no token read', async () => {
    const before = reception.introspected;
    const asked = request({ body: `token=${reception.context.good.build()}` });
    await whileLate(async () => {
      const answers = await talk(http.port, Buffer.concat([asked, asked]), { end: false });
      expect(answers).toHaveLength(1);
      const [answer] = answers;
      expect([answer!.status, header(answer!, 'retry-after'), header(answer!, 'connection')]).toEqual([
        503,
        '1',
        'close',
      ]);
      expect(header(answer!, 'cache-control')).toBe('no-store');
      expect(answer!.body).not.toContain('active');
    });
    expect(reception.introspected).toBe(before);
    expect((await talk(http.port, asked))[0]?.status).toBe(200);
  });

  it('gRPC answers UNAVAILABLE with the time to wait, and health as always', async () => {
    const client = new GrpcClient(grpc.port);
    await whileLate(async () => {
      const refused = await client.introspect(reception.context.good.build());
      expect([refused.status, refused.trailers.get('grpc-retry-pushback-ms')]).toEqual(['UNAVAILABLE', ['1000']]);
      expect(await client.check()).toBe('SERVING');
    });
    expect((await client.introspect(reception.context.good.build())).status).toBe('OK');
    client.close();
  });

  it('K-05 ext_authz denies with 503 in an OK RPC', async () => {
    const envoy = new EnvoyClient(grpc.port);
    await whileLate(async () => {
      const verdict = await envoy.check({ token: reception.context.good.build() });
      expect([verdict.rpc, verdict.code, verdict.http]).toEqual(['OK', 'UNAVAILABLE', 503]);
    });
    envoy.close();
  });
});
