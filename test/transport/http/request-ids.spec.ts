import { afterEach, describe, expect, it } from 'vitest';
import { Metadata } from '@grpc/grpc-js';
import { Reception } from '../../endpoints/reception.js';
import { GrpcClient } from '../grpc/support/client.js';
import { GrpcEndpoint } from '../grpc/support/grpc-endpoint.js';
import { ask } from './support/ask.js';
import { HttpEndpoint } from './support/http-endpoint.js';
import { header, talk } from './support/raw-http.js';
import { basic, request } from './support/requests.js';

const made = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const given = 'edge-4f1c.7';

/** One name for one request: in its answer, in the log of the service, and in its audit trail. */
describe('the name of a request', () => {
  const closing: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function open(trustedProxies: readonly string[] = []) {
    const reception = await Reception.open();
    const http = await HttpEndpoint.before(reception, { trustedProxies });
    closing.push(() => http.close());
    return { reception, http, good: reception.context.good };
  }

  const idOf = async (http: HttpEndpoint, parts: Parameters<typeof ask>[1]): Promise<string> =>
    header(await ask(http, parts), 'x-request-id') ?? 'none';

  it('is in every answer: good, inactive, refused, and of another path or method', async () => {
    const { http, good } = await open();
    const asked = [
      { body: `token=${good.build()}` },
      { body: 'token=bad' },
      { body: '' },
      { headers: { Authorization: basic('orders', 'wrong') }, body: 'token=a' },
      { method: 'GET', target: '/nowhere' },
      { method: 'GET' },
      { target: `/introspect?${'a'.repeat(5_000)}` },
    ];
    const ids = await Promise.all(asked.map((parts) => idOf(http, parts)));
    for (const id of ids) expect(id).toMatch(made);
    expect(new Set(ids).size).toBe(asked.length);
  });

  it('is taken from a trusted proxy, and from nobody else', async () => {
    const parts = { headers: { 'X-Request-Id': given }, body: 'token=bad' };
    expect(await idOf((await open(['127.0.0.1'])).http, parts)).toBe(given);
    expect(await idOf((await open()).http, parts)).toMatch(made);
  });

  it('is not what would be harmful in a log or a header', async () => {
    const { http } = await open(['127.0.0.1']);
    for (const evil of ['a"}', 'x'.repeat(65), 'a b', 'eyJhbGciOiJub25lIn0.e30.c2ln']) {
      expect(await idOf(http, { headers: { 'X-Request-Id': evil }, body: 'token=bad' })).toMatch(made);
    }
    const twice = await talk(
      http.port,
      request({ headers: { 'X-Request-Id': `a\r\nX-Request-Id: b` }, body: 'token=bad' }),
    );
    expect(twice.map((answer) => header(answer, 'x-request-id'))).toEqual([expect.stringMatching(made)]);
  });

  it('is in the log line about a refusal, and in the audit trail', async () => {
    const { http, reception, good } = await open(['127.0.0.1']);
    const named = (id: string) => ({ headers: { 'X-Request-Id': id } });
    await ask(http, { ...named('of-active'), body: `token=${good.build()}` });
    await ask(http, { ...named('of-expired'), body: `token=${good.expiredAt(http.context.now).build()}` });
    await ask(http, {
      headers: { 'X-Request-Id': 'of-refused', Authorization: basic('orders', 'wrong') },
      body: 'token=a',
    });
    const logged = reception.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const idsOf = (msg: string) => logged.filter((line) => line['msg'] === msg).map((line) => line['request_id']);
    expect([idsOf('token is not active'), idsOf('caller refused')]).toEqual([['of-expired'], ['of-refused']]);
    expect(reception.audit.records.map(({ fields }) => fields['request_id'])).toEqual(['of-active', 'of-expired']);
  });

  it('over gRPC stands behind the answer, or with the error', async () => {
    const reception = await Reception.open();
    const grpc = await GrpcEndpoint.before(reception, { trustedProxies: ['127.0.0.1'] });
    const client = new GrpcClient(grpc.port);
    closing.push(() => grpc.close());
    const metadata = new Metadata();
    metadata.set('x-request-id', given);
    const token = reception.context.good.expiredAt(reception.context.now).build();
    await client.introspect(token, { authorization: basic('orders'), metadata });
    expect(reception.audit.records.map(({ fields }) => fields['request_id'])).toEqual([given]);
    const refused = await client.introspect(token, { authorization: basic('orders', 'wrong') });
    expect(refused.trailers.get('x-request-id')).toEqual([expect.stringMatching(made)]);
    client.close();
  });
});
