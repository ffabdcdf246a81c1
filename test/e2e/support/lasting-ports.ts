import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Ports } from './assay-process.js';

/** Below what systems give to outgoing connections (32768 and up on Linux), above what services have by default. */
const LOWEST = 18_000;
const HIGHEST = 31_000;

let next = LOWEST + (process.pid % (HIGHEST - LOWEST));

/**
 * Ports of 127.0.0.1 that stay free while nobody listens: for what is stopped and started again at the same place. One that the
 * system chose could meanwhile be given to a connection that somebody else makes.
 */
export async function lastingPorts(): Promise<Ports> {
  return { http: await lastingPort(), grpc: await lastingPort(), management: await lastingPort() };
}

async function lastingPort(): Promise<number> {
  for (;;) {
    const port = next;
    next = next >= HIGHEST ? LOWEST : next + 1;
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
