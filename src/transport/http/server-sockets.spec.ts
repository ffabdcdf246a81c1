import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { SystemClock } from '../../shared/clock.js';
import { ServerSockets } from './server-sockets.js';

async function ask(host: string, port: number): Promise<number | undefined> {
  const [response] = (await once(get({ host, port, agent: false }), 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

describe('ServerSockets', () => {
  const server = () => createServer((_request, response) => response.writeHead(204).end());

  it('serves every address that localhost has, on one port', async () => {
    const sockets = new ServerSockets(server(), 100);
    const port = await sockets.open({ host: 'localhost', port: 0 });
    const addresses = await lookup('localhost', { all: true });
    for (const { address } of addresses) expect(await ask(address, port)).toBe(204);
    await sockets.close();
    for (const { address } of addresses) await expect(ask(address, port)).rejects.toThrow('ECONNREFUSED');
  });

  it('says what the system says of an address that cannot be had', async () => {
    const first = new ServerSockets(server(), 100);
    const port = await first.open({ host: '127.0.0.1', port: 0 });
    await expect(new ServerSockets(server(), 100).open({ host: '127.0.0.1', port })).rejects.toThrow('EADDRINUSE');
    await first.close();
  });

  it('stops before it has been opened, and more than once', async () => {
    const sockets = new ServerSockets(server(), 100);
    await sockets.stop(new SystemClock());
    await sockets.close();
    await sockets.close();
  });

  it('takes nobody new while it stops, and answers who is there', async () => {
    const sockets = new ServerSockets(server(), 100);
    const port = await sockets.open({ host: '127.0.0.1', port: 0 });
    const there = connect(port, '127.0.0.1');
    await once(there, 'connect');
    const stopped = sockets.stop(new SystemClock());
    await expect(ask('127.0.0.1', port)).rejects.toThrow('ECONNREFUSED');
    there.end('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(String(await once(there, 'data'))).toContain('204');
    await stopped;
    await sockets.close();
  });
});
