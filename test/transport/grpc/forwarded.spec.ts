import { Metadata } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { basic } from '../http/support/requests.js';
import { GrpcClient } from './support/client.js';
import { GrpcEndpoint } from './support/grpc-endpoint.js';

describe('H-15 forwarded addresses over gRPC', () => {
  let endpoint: GrpcEndpoint;
  let client: GrpcClient;

  afterEach(async () => {
    client.close();
    await endpoint.close();
  });

  async function open(trustedProxies: readonly string[]): Promise<void> {
    endpoint = await GrpcEndpoint.open({ trustedProxies });
    client = new GrpcClient(endpoint.port);
  }

  async function guess(id: string, forwarded: string): Promise<string> {
    const metadata = new Metadata();
    metadata.set('x-forwarded-for', forwarded);
    return (await client.introspect('a', { authorization: basic(id, 'guess'), metadata })).status;
  }

  it('nobody is trusted by default: a source cannot be made up', async () => {
    await open([]);
    const statuses = [];
    for (let i = 0; i < 110; i++) statuses.push(await guess(`id-${i}`, `203.0.113.${i}`));
    expect(new Set(statuses.slice(0, 95))).toEqual(new Set(['UNAUTHENTICATED']));
    expect(statuses.at(-1)).toBe('RESOURCE_EXHAUSTED');
  });

  it('a trusted proxy says where a call comes from, as over HTTP', async () => {
    await open(['127.0.0.0/8']);
    for (let i = 0; i < 110; i++) await guess(`id-${i}`, '203.0.113.7');
    expect(await guess('id', '203.0.113.7')).toBe('RESOURCE_EXHAUSTED');
    expect(await guess('id', '203.0.113.8')).toBe('UNAUTHENTICATED');
    expect(await guess('id', 'made up')).toBe('UNAUTHENTICATED');
  });
});
