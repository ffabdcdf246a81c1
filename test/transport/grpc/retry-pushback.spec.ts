import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { KeysUnavailable } from '../../../src/keys/key-resolver.js';
import { basic } from '../http/support/requests.js';
import { GrpcEndpoint } from './support/grpc-endpoint.js';
import { requestBytes } from './support/raw-call.js';

let endpoint: GrpcEndpoint;

afterEach(() => endpoint.close());

describe('a client with the standard retry policy', () => {
  /** What the retry policy of most service configurations says. */
  const serviceConfig = JSON.stringify({
    methodConfig: [
      {
        name: [{}],
        retryPolicy: {
          maxAttempts: 3,
          initialBackoff: '0.01s',
          maxBackoff: '0.1s',
          backoffMultiplier: 2,
          retryableStatusCodes: ['UNAVAILABLE'],
        },
      },
    ],
  });

  async function ask(retryAfterSeconds: number, deadlineMs: number): Promise<[string, number]> {
    let attempts = 0;
    endpoint = await GrpcEndpoint.open({
      keys: () => ({
        known: () => undefined,
        holds: () => false,
        find: () => {
          attempts++;
          return Promise.reject(new KeysUnavailable('main', retryAfterSeconds));
        },
      }),
    });
    const client = new Client(`127.0.0.1:${endpoint.port}`, credentials.createInsecure(), {
      'grpc.service_config': serviceConfig,
      'grpc.use_local_subchannel_pool': 1,
    });
    const metadata = new Metadata();
    metadata.set('authorization', basic());
    const token = endpoint.reception.context.good.build();
    const outcome = await new Promise<string>((resolve) => {
      const done = (error: ServiceError | null): void => {
        resolve(status[error?.code ?? status.OK]);
      };
      const identity = (bytes: Buffer): Buffer => bytes;
      const options = { deadline: Date.now() + deadlineMs };
      const path = '/assay.v1.Introspection/Introspect';
      client.makeUnaryRequest(path, identity, identity, requestBytes(token), metadata, options, done);
    });
    client.close();
    return [outcome, attempts];
  }

  it('hears of an outage at once where its deadline would pass before it may ask again', async () => {
    expect(await ask(6, 3_000)).toEqual(['UNAVAILABLE', 1]);
  });

  it('asks again after the time that we say, where there is enough', async () => {
    const [outcome, attempts] = await ask(1, 20_000);
    expect(outcome).toBe('UNAVAILABLE');
    expect(attempts).toBeGreaterThan(1);
  });
});
