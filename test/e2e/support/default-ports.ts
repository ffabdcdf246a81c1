import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { eventually } from '../../fakes/eventually.js';

/** Who listens here has them: a lock that no process can leave behind. */
const LOCK_PORT = 9_997;

/** Longest wait for another test file, in milliseconds: one of them installs and builds before it listens. */
const PATIENCE_MS = 300_000;

/** For hooks and tests that may have to wait for {@link DefaultPorts}. */
export const DEFAULT_PORTS_TIMEOUT_MS = PATIENCE_MS + 60_000;

/**
 * The ports that are used where nothing is configured: 8080, 8081 and 9090 by the program, 8082 by the demo issuer. One test file has
 * them at a time, so that those that need them can run beside all others.
 */
export class DefaultPorts {
  private constructor(private readonly lock: Server) {}

  /** Waits until they are free. */
  static async take(): Promise<DefaultPorts> {
    let lock: Server | undefined;
    await eventually(
      async () => (lock = await listenAlone()) !== undefined,
      () => 'another test file still has the default ports',
      PATIENCE_MS,
    );
    return new DefaultPorts(lock!);
  }

  async release(): Promise<void> {
    this.lock.close();
    await once(this.lock, 'close');
  }
}

async function listenAlone(): Promise<Server | undefined> {
  const server = createServer().listen(LOCK_PORT, '127.0.0.1');
  return once(server, 'listening').then(
    () => server,
    () => undefined,
  );
}
