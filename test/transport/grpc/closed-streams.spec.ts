import { connect, constants, createServer, type ServerHttp2Stream } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../../src/shared/clock.js';
import { MessageRoom } from '../../../src/transport/grpc/message-room.js';
import { UnaryCall } from '../../../src/transport/grpc/unary-call.js';
import type { UnaryMethod } from '../../../src/transport/grpc/unary-method.js';

const message = Buffer.from([0, 0, 0, 0, 1, 7]);
const context = { room: new MessageRoom(1024), clock: new SystemClock() };
const method: UnaryMethod = {
  path: '/test/Echo',
  requestDeserialize: (bytes) => ({ bytes }),
  responseSerialize: () => Buffer.alloc(1),
  terms: { messageBytes: 64, endedEarly: () => undefined },
  answer: ({ request }, answered) => {
    answered(null, request);
  },
};

/** What Node would keep of a call, because it keeps its stream (docs/adr/0031-grpc-stays-on-its-library.md). */
describe('a stream that has closed', () => {
  const server = createServer();
  let client: ReturnType<typeof connect>;

  beforeEach(async () => {
    server.on('stream', (stream, headers) => {
      new UnaryCall(stream, headers, method, context).begin();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });

  afterEach(async () => {
    client.close();
    server.close();
    server.removeAllListeners('stream');
    await once(server, 'close');
  });

  /** What a stream still refers to, after a call that sent this. */
  async function leftAfter(sent: Buffer | 'nothing'): Promise<readonly unknown[]> {
    const opened = once(server, 'stream') as Promise<[ServerHttp2Stream]>;
    const request = client.request({ ':method': 'POST', ':path': method.path }, { endStream: false });
    request.on('error', () => undefined).resume();
    if (sent === 'nothing') request.write(message.subarray(0, 1));
    else request.end(sent);
    const [stream] = await opened;
    const closed = once(stream, 'close');
    if (sent === 'nothing') request.close(constants.NGHTTP2_CANCEL);
    await closed;
    // Node's own way to wait for the end of what is written.
    const events = stream.eventNames().filter((event) => event !== 'finish');
    return events.flatMap((event) => stream.rawListeners(event as string));
  }

  it.each([
    ['that was answered', message],
    ['that was refused', Buffer.alloc(100)],
    ['that its client has cancelled', 'nothing'],
  ] as const)('refers to nothing of its call: %s', async (_what, sent) => {
    const [left, ofAnother] = [await leftAfter(sent), await leftAfter(sent)];
    expect(left.length).toBeGreaterThan(0);
    // What is the same function for both cannot refer to one of them.
    expect(left.filter((listener) => !ofAnother.includes(listener))).toEqual([]);
  });
});
