import { once } from 'node:events';
import { connect, Server, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { ListeningSockets } from './listening-sockets.js';

const host = '127.0.0.1';
const CLIENTS = 128;

/** Connects so many clients, and wakes whoever waits for `done` when the system has all of them in its queues. */
const clients = `
  const { connect } = require('node:net');
  const { port, times, done } = require('node:worker_threads').workerData;
  let left = times;
  for (let i = 0; i < times; i++) connect(port, '127.0.0.1').on('error', () => {}).once('connect', () => {
    if (--left === 0) { Atomics.store(done, 0, 1); Atomics.notify(done, 0); }
  });
`;

async function open(
  server: Server,
  most = 1_000,
): Promise<{ readonly sockets: ListeningSockets; readonly port: number }> {
  const sockets = new ListeningSockets(server, { most });
  return { sockets, port: await sockets.open({ host, port: 0 }) };
}

async function close({ all }: ListeningSockets): Promise<void> {
  await Promise.all(all.map((server) => new Promise((resolve) => server.close(resolve))));
}

describe('ListeningSockets', () => {
  it('accepts many connections in one turn of the event loop', async () => {
    const accepted: Socket[] = [];
    const { sockets, port } = await open(new Server((socket) => accepted.push(socket.on('error', () => undefined))));
    const done = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(clients, { eval: true, workerData: { port, times: CLIENTS, done } });
    // The process is busy until all of them wait.
    Atomics.wait(done, 0, 0);
    let turns = 0;
    for (; accepted.length < CLIENTS; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(turns).toBeLessThan(CLIENTS / 3);
    for (const socket of accepted) socket.destroy();
    await worker.terminate();
    await close(sockets);
  });

  it('counts the connections of all sockets together, and has room again when one leaves', async () => {
    const accepted: Socket[] = [];
    const server = new Server((socket) => accepted.push(socket.resume()));
    const { sockets, port } = await open(server, 5);
    const peers = Array.from({ length: 40 }, () => connect(port, host).on('error', () => undefined));
    let closed = 0;
    await new Promise<void>((resolve) => {
      const count = (): void => {
        if (++closed === 35) resolve();
      };
      for (const peer of peers) peer.once('close', count);
    });
    expect(accepted).toHaveLength(5);
    for (const peer of peers) peer.destroy();
    await Promise.all(accepted.filter(({ destroyed }) => !destroyed).map((socket) => once(socket, 'close')));
    const another = connect(port, host);
    await once(server, 'connection');
    another.destroy();
    await close(sockets);
  });

  it('refuses a port that another listens at, itself included, and shares none with a stranger', async () => {
    const first = await open(new Server());
    const second = new ListeningSockets(new Server(), { most: 1 });
    await expect(second.open({ host, port: first.port })).rejects.toThrow('EADDRINUSE');
    const stranger = new Server();
    stranger.listen(0, host);
    await once(stranger, 'listening');
    const { port } = stranger.address() as { readonly port: number };
    await expect(second.open({ host, port })).rejects.toThrow('EADDRINUSE');
    stranger.close();
    await close(first.sockets);
    expect(await second.open({ host, port: first.port })).toBe(first.port);
    await close(second);
  });
});
