import { createServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { secureContext, type TlsSettings } from '../tls-settings.js';
import { Gate, type RequestHandler } from './gate.js';
import type { HttpLimits } from './http-limits.js';
import type { HttpListener } from './http-listener.js';
import { HttpRequest } from './http-request.js';
import { HttpResponse } from './http-response.js';
import { ignoreUpgrades } from './ignore-upgrade.js';

type OurServerOptions = ServerOptions<typeof HttpRequest, typeof HttpResponse>;

/** What a server does with requests. */
export interface RequestHandlers {
  readonly receive: RequestHandler;
  /** Is told of a `CONNECT`, which has been refused. */
  readonly refused: (request: HttpRequest, status: number) => void;
}

/** A Node server that answers what is not HTTP as we speak it by itself, closes, and runs nothing that follows. */
export function createHttpServer(
  { receive, refused }: RequestHandlers,
  listener: HttpListener,
  tls?: TlsSettings,
): Server {
  const { limits } = listener;
  const gate = new Gate(receive, listener);
  const options = { ...protocolOptions(limits), ...(tls && secureContext(tls)) };
  const server = tls ? createTlsServer(options, gate.receive) : createServer(options, gate.receive);
  // A client that waits for `100 Continue` gets it when its body is read, and not before.
  server.on('checkContinue', gate.receive);
  server.on('checkExpectation', gate.refuseExpectation);
  server.on('clientError', gate.refuseGarbage);
  server.on('connect', (request: HttpRequest, socket: Duplex) => {
    // Node has taken its own listener away, and an error without a listener ends the process.
    socket.on('error', () => socket.destroy());
    gate.refuseNext(socket, 405, ['allow', listener.allow]);
    refused(request, 405);
  });
  ignoreUpgrades(server as Server);
  server.timeout = limits.silenceMs;
  // A client that has ended its side may still wait for the answer. The typings do not know it.
  Object.assign(server, { httpAllowHalfOpen: true });
  // Beyond a limit Node would drop header lines in silence; they are counted instead.
  server.maxHeadersCount = 0;
  return server as Server;
}

function protocolOptions(limits: HttpLimits): OurServerOptions {
  return {
    IncomingMessage: HttpRequest,
    ServerResponse: HttpResponse,
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkMs,
    keepAliveTimeout: limits.keepAliveMs,
    // Without a body there is nothing to wait for.
    optimizeEmptyRequests: true,
    insecureHTTPParser: false,
    // Checked by `screenRequest`, with the headers that every answer has.
    requireHostHeader: false,
    noDelay: true,
  };
}
