import { Metadata } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { EnvoyClient } from '../../gateway/support/envoy.js';
import { basic } from '../http/support/requests.js';
import { GrpcClient } from './support/client.js';
import { GrpcEndpoint } from './support/grpc-endpoint.js';

/** What somebody in front says about whose call it is. */
function forwarded(address: string): Metadata {
  const metadata = new Metadata();
  metadata.set('x-forwarded-for', address);
  return metadata;
}

describe('the log of a call that is refused', () => {
  let endpoint: GrpcEndpoint;

  afterEach(() => endpoint.close());

  /** Addresses in the log after a refused call to each service. */
  async function sourcesAfterCalls(trustedProxies: readonly string[], said: string): Promise<readonly unknown[]> {
    endpoint = await GrpcEndpoint.open({ trustedProxies });
    const client = new GrpcClient(endpoint.port);
    const envoy = new EnvoyClient(endpoint.port);
    await client.introspect('x', { authorization: basic('orders', 'wrong'), metadata: forwarded(said) });
    await envoy.check({ token: 'x', extensions: { caller: 'nobody' }, metadata: forwarded(said) });
    client.close();
    envoy.close();
    const lines = endpoint.reception.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    return lines.filter(({ msg }) => msg === 'caller refused').map(({ source }) => source);
  }

  it('names the client that a trusted proxy forwards, at both services', async () => {
    expect(await sourcesAfterCalls(['127.0.0.1'], '198.51.100.7')).toEqual(['198.51.100.7', '198.51.100.7']);
  });

  it('names the peer where nobody trusts it, or where it says no address', async () => {
    expect(await sourcesAfterCalls([], '198.51.100.7')).toEqual(['127.0.0.1', '127.0.0.1']);
    await endpoint.close();
    expect(await sourcesAfterCalls(['127.0.0.1'], 'no address')).toEqual(['127.0.0.1', '127.0.0.1']);
  });
});
