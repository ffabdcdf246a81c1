import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the range that systems take for connections that leave: a port of that range is free, and then it is not. */
const FIRST = 10_000;
const LAST = 32_000;

/** How far apart the first ports of two processes are, so that few processes ask for the same one. */
const STRIDE = 100;

let next = FIRST + ((process.pid * STRIDE) % (LAST - FIRST));

/**
 * A TCP port of the loopback interface that nobody listens on, and that no other process that asks here is given before
 * this one has ended. Nothing listens on it until its new owner does, and the owner may listen on it again and again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = next;
    next = next + 1 < LAST ? next + 1 : FIRST;
    if ((await isLeased(port)) && (await isFree(port))) return port;
  }
}

/** Takes the UDP port of the same number, which nothing here uses: of all processes one gets it, and its end gives it back. */
async function isLeased(port: number): Promise<boolean> {
  const lease = createSocket('udp4');
  lease.unref();
  try {
    lease.bind({ port, address: '127.0.0.1', exclusive: true });
    await once(lease, 'listening');
    return true;
  } catch {
    lease.close();
    return false;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
