import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { HttpLimits } from './http-limits.js';
import { constantHeaders, errorBody } from './plain-answer.js';
import { screenRequest } from './screen-request.js';
import { secureContext, type TlsSettings } from '../tls-settings.js';

/** What answers a request that is well framed. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

const refusal = errorBody('invalid_request');

/** A Node server that answers what is not HTTP as we speak it by itself, closes, and runs nothing that follows. */
export function createHttpServer(handler: RequestHandler, limits: HttpLimits, tls?: TlsSettings): Server {
  const gate = new Gate(handler, limits);
  const options = { ...protocolOptions(limits), ...(tls && secureContext(tls)) };
  const server = tls ? createTlsServer(options, gate.receive) : createServer(options, gate.receive);
  server.on('clientError', gate.refuseGarbage);
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    gate.refuseNext(socket, 405, { allow: 'POST' });
  });
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    gate.refuse(response, 417);
  });
  server.timeout = limits.silenceMs;
  // Who has said everything may still be waiting for the answer (H-20). The typings do not know it.
  Object.assign(server, { httpAllowHalfOpen: true });
  // Beyond a limit Node would drop header lines in silence; they are counted instead.
  server.maxHeadersCount = 0;
  server.maxConnections = limits.connections;
  return server;
}

function protocolOptions(limits: HttpLimits): object {
  return {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkMs,
    keepAliveTimeout: limits.keepAliveMs,
    insecureHTTPParser: false,
    // Checked by `screenRequest`, with the headers that every answer has.
    requireHostHeader: false,
    noDelay: true,
  };
}

/** Stands before the handler. Behind a request that it refused, or that was the last, nothing on a connection is run (H-07). */
class Gate {
  private readonly latest = new WeakMap<Duplex, ServerResponse>();
  private readonly closed = new WeakSet<Duplex>();

  constructor(
    private readonly handler: RequestHandler,
    private readonly limits: HttpLimits,
  ) {}

  readonly receive = (request: IncomingMessage, response: ServerResponse): void => {
    if (this.closed.has(request.socket) || this.latest.get(request.socket)?.shouldKeepAlive === false) return;
    this.latest.set(request.socket, response);
    // Node ignores the wish, and with it what came behind the head: where the next request begins, nobody knows.
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
    const status = screenRequest(request, this.limits);
    if (status === undefined) this.handler(request, response);
    else this.refuse(response, status);
  };

  refuse(response: ServerResponse, status: number): void {
    if (response.socket) this.closed.add(response.socket);
    response.writeHead(status, { ...constantHeaders, 'content-length': refusal.length, connection: 'close' });
    response.end(refusal);
  }

  readonly refuseGarbage = (error: NodeJS.ErrnoException, socket: Duplex): void => {
    const status = statusOf(error);
    if (status !== undefined) this.refuseNext(socket, status);
    else if (!this.closed.has(socket)) socket.destroy();
  };

  /** Refuses what the parser has taken for no request, behind the answer to the one before it. */
  refuseNext(socket: Duplex, status: number, more: Readonly<Record<string, string>> = {}): void {
    if (this.closed.has(socket)) return;
    this.closed.add(socket);
    const before = this.latest.get(socket);
    const refuse = (): void => {
      refuseRaw(socket, status, more);
    };
    if (!before || before.writableFinished || before.destroyed) refuse();
    // A good request came before on the same connection: its answer goes first.
    else if (before.req.complete) before.once('close', refuse);
    // The garbage is in its body: if it has an answer already, there cannot be another.
    else if (before.headersSent) socket.destroy();
    else refuse();
  }
}

/** What an error of the parser is answered; `undefined` when it is the connection itself that broke. */
function statusOf({ code = '' }: NodeJS.ErrnoException): number | undefined {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return 431;
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return 413;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 408;
    default:
      return code.startsWith('HPE_') ? 400 : undefined;
  }
}

/** For what never became a request. */
function refuseRaw(socket: Duplex, status: number, more: Readonly<Record<string, string>> = {}): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const headers = { ...constantHeaders, ...more, 'content-length': refusal.length, connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines].join('\r\n');
  socket.end(`${head}\r\n\r\n${refusal.toString()}`, () => socket.destroy());
}
