import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../fakes/fake-clock.js';
import { frame, type } from './support/frames.js';
import { GrpcEndpoint } from './support/grpc-endpoint.js';
import { callOn, rawSession } from './support/raw-call.js';

const CROWD = 400;

let endpoint: GrpcEndpoint;
const crowd: Socket[] = [];
/** Stands still: nothing takes time, and so there is one session in a turn of the event loop. */
const clock = new FakeClock();

afterEach(async () => {
  for (const socket of crowd.splice(0)) socket.destroy();
  await endpoint.close();
});

/** Clients that connect at the same moment. @returns how many of them have a session: the server has said its settings */
async function arrive(addressOf: (i: number) => string): Promise<() => number> {
  let withSession = 0;
  const connected = Array.from({ length: CROWD }, (_, i) => {
    const socket = connect({ port: endpoint.port, host: '127.0.0.1', localAddress: addressOf(i) });
    crowd.push(socket);
    socket.once('data', () => withSession++).on('error', () => undefined);
    socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(type.settings, 0, 0)]));
    return once(socket, 'connect');
  });
  await Promise.all(connected);
  return () => withSession;
}

describe.each([
  ['one address', () => '127.0.0.1'],
  ['as many addresses', (i: number) => `127.1.${i >> 8}.${i & 255}`],
])('a crowd that connects at once from %s', (_name, addressOf) => {
  it('is passed by a caller that connects after it', async () => {
    endpoint = await GrpcEndpoint.open({ clock });
    const sessions = await arrive(addressOf);
    const session = rawSession(endpoint.port);
    expect((await callOn(session)).status).toBe('OK');
    session.destroy();
    expect(sessions()).toBeLessThan(CROWD / 2);
  });

  it('is passed by the calls of a caller that was there before', async () => {
    endpoint = await GrpcEndpoint.open({ clock });
    const session = rawSession(endpoint.port);
    await callOn(session);
    const sessions = await arrive(addressOf);
    for (let i = 0; i < 5; i++) expect((await callOn(session)).status).toBe('OK');
    expect(sessions()).toBeLessThan(CROWD / 2);
    session.destroy();
  });

  it('is served, all of it', async () => {
    endpoint = await GrpcEndpoint.open({ clock });
    const sessions = await arrive(addressOf);
    while (sessions() < CROWD) await new Promise((resolve) => setImmediate(resolve));
  });
});
