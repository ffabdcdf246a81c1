import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Introspector } from '../../../src/introspection/introspector.js';
import { Rejection } from '../../../src/tokens/rejection.js';
import type { TokenVerifier } from '../../../src/verification/token-verifier.js';
import { HttpEndpoint } from './support/http-endpoint.js';
import { answersIn, exchange, header, talk } from './support/raw-http.js';
import { basic, request } from './support/requests.js';

/** Requests on one connection are answered in their order (RFC 9112 §9.3.2), and behind the last one nothing is run. */
describe('pipelined requests', () => {
  let endpoint: HttpEndpoint;
  let smuggled: Buffer;

  beforeAll(async () => {
    endpoint = await HttpEndpoint.open();
    smuggled = request({ body: `token=${endpoint.context.good.build()}` });
  });

  afterAll(() => endpoint.close());

  beforeEach(() => {
    endpoint.introspected = 0;
  });

  /** The head of a request whose body comes in chunks. */
  const chunkedHead = [
    'POST /introspect HTTP/1.1',
    'Host: a.example',
    `Authorization: ${basic()}`,
    'Content-Type: application/x-www-form-urlencoded',
    'Transfer-Encoding: chunked',
    '',
    '',
  ].join('\r\n');

  it('H-07 the answer to a good request before the garbage comes first', async () => {
    const answers = await talk(endpoint.port, Buffer.concat([smuggled, Buffer.from('GARBAGE\r\n\r\n'), smuggled]), {
      end: false,
    });
    expect(answers.map(({ status }) => status)).toEqual([200, 400]);
    expect(endpoint.introspected).toBe(1);
  });

  it.each([
    ['a chunk that is none', 'zz\r\n'],
    ['a body that is cut off', '5\r\ntok'],
  ])(
    'H-07 the answer to a good request comes before the refusal of the next one, whose body is damaged: %s',
    async (_, damaged) => {
      const { slow, release } = await openSlow();
      const socket = connect(slow.port, '127.0.0.1');
      const bytes = Buffer.concat([request({ body: 'token=a' }), Buffer.from(chunkedHead + damaged)]);
      const all = exchange(socket, bytes);
      await vi.waitFor(() => {
        expect(slow.introspected).toBe(1);
      });
      release();
      const answers = answersIn(await all);
      expect(answers.map(({ status }) => status)).toEqual([200, 400]);
      expect(answers.map((answer) => header(answer, 'connection'))).toEqual(['keep-alive', 'close']);
      expect(slow.introspected).toBe(1);
      await slow.close();
    },
  );

  it('H-07 an upgrade to h2c is not one', async () => {
    const headers = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQAAP__' };
    const answers = await talk(endpoint.port, request({ headers, body: 'token=a' }));
    expect(answers.map(({ status }) => status)).toEqual([200]);
  });

  it('H-07 what comes behind a wish to upgrade is no request: answered, closed, nothing more is run', async () => {
    const upgrade =
      'GET /.well-known/oauth-authorization-server HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';
    const socket = connect(endpoint.port, '127.0.0.1');
    const bytes = Buffer.concat([Buffer.from(upgrade), smuggled]);
    const all = exchange(socket, bytes, false);
    socket.once('data', () => socket.write(smuggled));
    const answers = answersIn(await all);
    expect(answers).toHaveLength(1);
    expect(header(answers[0]!, 'connection')).toBe('close');
    expect(endpoint.introspected).toBe(0);
  });

  it('H-07 nor is what comes while the answer to such a wish is not yet known', async () => {
    const { slow, release } = await openSlow();
    const accepted = once(slow.server, 'connection') as Promise<[Socket]>;
    const socket = connect(slow.port, '127.0.0.1');
    const upgrade = request({ headers: { Connection: 'Upgrade', Upgrade: 'x' }, body: 'token=a' });
    const all = exchange(socket, upgrade, false);
    const [received] = await accepted;
    await vi.waitFor(() => {
      expect(slow.introspected).toBe(1);
    });
    socket.write(smuggled);
    await vi.waitFor(() => {
      expect(received.bytesRead).toBe(upgrade.length + smuggled.length);
    });
    release();
    expect(answersIn(await all).map(({ status }) => status)).toEqual([200]);
    expect(slow.introspected).toBe(1);
    await slow.close();
  });

  it('H-07 the answer to a good request before CONNECT comes first', async () => {
    const connecting = 'CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n';
    const answers = await talk(endpoint.port, Buffer.concat([smuggled, Buffer.from(connecting)]), { end: false });
    expect(answers.map(({ status }) => status)).toEqual([200, 405]);
  });
});

/** An endpoint whose use case has no verdict before it is released. */
async function openSlow(): Promise<{ readonly slow: HttpEndpoint; readonly release: () => void }> {
  const { promise: released, resolve } = Promise.withResolvers<undefined>();
  const introspector = new Introspector({} as TokenVerifier);
  introspector.introspect = async () => {
    await released;
    return { active: false, rejection: new Rejection('malformed') };
  };
  const slow = await HttpEndpoint.open({ introspector });
  return {
    slow,
    release: () => {
      resolve(undefined);
    },
  };
}
