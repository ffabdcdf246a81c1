import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { RedisNode } from './redis-location.js';

/** As long as a connection may take that is meant for use. */
const PATIENCE_MS = 1_000;

/**
 * Connects once to a server, to learn what keeps us from it. ioredis keeps to itself why it cannot reach a Sentinel, or a node of
 * a cluster: it says only that the connection is closed.
 * @returns what went wrong, or `undefined` where the server answers, whatever it thinks of us
 */
export function probeServer({ host, port }: RedisNode, tls?: ConnectionOptions): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const socket = connectTo({ host, port }, tls);
    const end = (error?: Error): void => {
      resolve(error);
      socket.destroy();
    };
    socket.setTimeout(PATIENCE_MS, () => {
      end(new Error('timed out'));
    });
    socket.once('error', end);
    socket.once('close', () => {
      end(new Error('Connection is closed.'));
    });
    // With TLS 1.3 a server refuses our certificate only after we believe to be connected: it has to say something.
    socket.once(tls ? 'secureConnect' : 'connect', () => socket.write('PING\r\n'));
    socket.once('data', (reply) => {
      end(refusalIn(reply));
    });
  });
}

function connectTo(node: RedisNode, tls: ConnectionOptions | undefined): Socket {
  return tls ? connectTls(Object.assign({ ...node }, tls)) : connectTcp({ ...node });
}

/** That we have not said who we are is no refusal: whether it accepts us is learnt by those who say it. */
function refusalIn(reply: Buffer): Error | undefined {
  const text = reply.toString('latin1');
  return text.startsWith('-') && !text.startsWith('-NOAUTH') ? new Error(text.slice(1)) : undefined;
}
