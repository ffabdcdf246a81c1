import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the range that systems take for connections that leave: a port of that range is free, and then it is not. */
const FIRST = 10_000;
const LAST = 32_000;

/** Ports that one test process tries before it uses one again: what another process tries is elsewhere. */
const STRIDE = 100;

let next = FIRST + ((process.pid * STRIDE) % (LAST - FIRST));

/** A port of the loopback interface that nobody listens on, and that nobody else is given for a while. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = next;
    next = next + 1 < LAST ? next + 1 : FIRST;
    if (await isFree(port)) return port;
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
