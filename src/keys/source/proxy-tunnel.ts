import { connect, type Socket } from 'node:net';
import type { ProxyTerms } from '../../issuers/issuer-network.js';
import { KeyFetchFailure } from './key-fetch-failure.js';

/** Longest answer of a proxy to CONNECT; what it says beside the status is not used. */
const LARGEST_HEAD_BYTES = 8_192;
const END_OF_HEAD = '\r\n\r\n';

/** A connection to a forward proxy, and through it. */
export interface Tunnel {
  /** To the proxy, at once; to destroy it ends the attempt. */
  readonly socket: Socket;
  /** Resolves with the same socket when it leads to the target; rejects with a {@link KeyFetchFailure}. */
  readonly opened: Promise<Socket>;
}

/**
 * Asks a forward proxy for a connection to `target` (CONNECT, RFC 9110 §9.3.6). The proxy sees a name and a port, and no more:
 * what goes through is encrypted by the caller, for the target.
 * @param target `host:port`; an IPv6 address in brackets
 */
export function openTunnel({ hostname, port, authorization }: ProxyTerms, target: string): Tunnel {
  // Where the proxy is, the configuration says: no token and no document has a part in it, so any address is allowed.
  const socket = connect({ host: hostname, port });
  const opened = answerOf(socket);
  const credentials = authorization === undefined ? '' : `proxy-authorization: ${authorization}\r\n`;
  socket.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n${credentials}\r\n`);
  return { socket, opened };
}

function answerOf(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const end = (failure?: KeyFetchFailure): void => {
      socket.removeAllListeners('data').removeAllListeners('close').pause();
      if (failure) {
        socket.destroy();
        reject(failure);
      } else {
        resolve(socket);
      }
    };
    socket.on('error', (cause) => {
      reject(new KeyFetchFailure('proxy', 'the proxy cannot be reached', { cause }));
    });
    socket.on('close', () => {
      reject(new KeyFetchFailure('proxy', 'the proxy closed the connection'));
    });
    socket.on('data', (chunk: Buffer) => {
      head = Buffer.concat([head, chunk]);
      const at = head.indexOf(END_OF_HEAD);
      if (at < 0 && head.length <= LARGEST_HEAD_BYTES) return;
      // The server at the other end speaks only after us: what follows the head is not from it.
      const isWhole = at >= 0 && at + END_OF_HEAD.length === head.length;
      end(
        isWhole
          ? refusalIn(head)
          : new KeyFetchFailure('proxy', 'the answer of the proxy is not HTTP as we understand it'),
      );
    });
  });
}

/** Any 2xx means that the tunnel is there (RFC 9110 §9.3.6). @returns undefined for one */
function refusalIn(head: Buffer): KeyFetchFailure | undefined {
  const status = /^HTTP\/1\.[01] ([1-5]\d\d)[ \r]/.exec(head.toString('latin1'))?.[1] ?? '';
  if (status.startsWith('2')) return undefined;
  if (status === '407') return new KeyFetchFailure('proxy', 'the proxy demands credentials, or others than these');
  if (status !== '') return new KeyFetchFailure('proxy', 'the proxy refuses to connect to this host');
  return new KeyFetchFailure('proxy', 'the answer of the proxy is not HTTP as we understand it');
}
