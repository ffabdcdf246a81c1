// Plays one case: everything that a client can see of a connection, and in which order.
import { connect } from 'node:net';

/** Longest wait for a service that should close: longer than it waits for a slow client (15 s, checked each second), in milliseconds. */
const PATIENCE_MS = 20_000;

/** A request that is in order, and whose answer is like no other: it shows what a connection is still good for. */
export const probe = 'GET /.well-known/oauth-authorization-server HTTP/1.1\r\nHost: probe.example\r\n\r\n';

/**
 * @typedef {object} Outcome
 * @property {readonly string[]} received latin1, in three phases: before the probe, after it, and after the client's end
 * @property {number} endedIn the phase in which the service closed, or 3: it did not
 * @property {boolean} isReset whether it closed with a reset
 * @property {boolean} isProbed whether it was still open for the probe
 */

/**
 * An address of the loopback network for this case alone: failures are counted for each source, and ports for each
 * address. Only Linux has all of them.
 */
export function addressOf(index, attempt, isTrusted) {
  const host = (Math.imul(index, 2_654_435_761) + Math.imul(attempt, 40_503)) >>> 9;
  return `127.${((host >> 16) & 127) | (isTrusted ? 0 : 128)}.${(host >> 8) & 255}.${host & 255 || 1}`;
}

/**
 * @param {import('./cases.mjs').Case} each
 * @param {{ port: number, rounds: import('./rounds.mjs').Rounds }} service
 * @param {string} localAddress
 * @returns {Promise<Outcome>}
 */
export async function play(each, { port, rounds }, localAddress) {
  const connection = new Connection(port, localAddress);
  const hasEnded = () => connection.outcome.endedIn < 3;
  try {
    await connection.opened;
    for (const [i, piece] of each.pieces.entries()) {
      if (hasEnded() || (each.end === 'half-close' && i === each.pieces.length - 1)) break;
      await connection.write(piece);
      await (i === 0 ? rounds.taken() : rounds.read());
    }
    if (each.end !== 'half-close') await rounds.settled(hasEnded);
    if (each.end === 'probe' && !hasEnded()) {
      connection.phase = 1;
      connection.outcome.isProbed = true;
      await connection.write(probe);
      await rounds.settled(hasEnded);
    }
    if (each.end !== 'silence' && !hasEnded()) {
      connection.phase = each.end === 'half-close' ? 0 : 2;
      connection.end(each.end === 'half-close' ? each.pieces.at(-1) : undefined);
    }
    await connection.ended();
    return connection.outcome;
  } finally {
    connection.close();
  }
}

class Connection {
  phase = 0;
  outcome = { received: ['', '', ''], endedIn: 3, isReset: false, isProbed: false };
  #socket;
  #finished;

  constructor(port, localAddress) {
    this.#socket = connect({ port, host: '127.0.0.1', localAddress, allowHalfOpen: true, noDelay: true });
    this.#socket.setEncoding('latin1');
    this.opened = new Promise((resolve, reject) => {
      this.#socket.once('connect', resolve);
      this.#socket.once('error', reject);
    });
    this.#finished = new Promise((resolve) => {
      const end = (isReset) => {
        if (this.outcome.endedIn === 3) Object.assign(this.outcome, { endedIn: this.phase, isReset });
        resolve();
      };
      this.#socket.on('data', (text) => (this.outcome.received[this.phase] += text));
      this.#socket.once('end', () => end(false));
      this.#socket.on('error', () => end(true));
      this.#socket.once('close', resolve);
    });
  }

  /** Resolves when the system has taken the octets, or will not take them any more. */
  async write(bytes) {
    const written = new Promise((resolve) => this.#socket.write(bytes, resolve));
    await this.#within(Promise.race([written, this.#finished]));
  }

  /** Says that nothing follows. */
  end(bytes) {
    this.#socket.end(bytes);
  }

  /** Resolves when the service has closed, or patience ends. */
  ended() {
    return this.#within(this.#finished);
  }

  close() {
    this.#socket.destroy();
  }

  async #within(promise) {
    let timer;
    await Promise.race([promise, new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)))]);
    clearTimeout(timer);
  }
}
