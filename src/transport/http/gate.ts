import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Conversation } from './conversation.js';
import type { HttpListener } from './http-listener.js';
import type { HttpRequest } from './http-request.js';
import type { HttpResponse } from './http-response.js';
import { screenRequest } from './screen-request.js';

/** Answers requests. @param refusedWith HTTP status, for one whose frame is not in order; the connection has to end */
export type RequestHandler = (request: HttpRequest, response: HttpResponse, refusedWith?: number) => void;

/** Stands before the handler. Behind a request that it refused, or that was the last, nothing on a connection is run. */
export class Gate {
  constructor(
    private readonly handler: RequestHandler,
    private readonly listener: HttpListener,
  ) {}

  readonly receive = (request: HttpRequest, response: HttpResponse): void => {
    this.pass(request, response, screenRequest(request, this.listener.limits));
  };

  /** RFC 9110 §10.1.1: an expectation that we do not have. */
  readonly refuseExpectation = (request: HttpRequest, response: HttpResponse): void => {
    this.pass(request, response, 417);
  };

  readonly refuseGarbage = (error: ParserError, socket: Duplex): void => {
    const status = statusOf(error);
    if (status !== undefined) this.refuseNext(socket, status);
    else socket.destroy();
  };

  /** Refuses what the parser has taken for no request, behind the answer to the one before it. */
  refuseNext(socket: Duplex, status: number, more: readonly string[] = []): void {
    const conversation = Conversation.on(socket);
    const { latest: before, isEnded } = conversation;
    if (isEnded) return;
    conversation.end();
    const refuse = (): void => {
      this.refuseRaw(socket, status, more);
    };
    if (before && !before.req.complete) {
      // The garbage is in its body: if it has an answer already, there cannot be another.
      if (before.headersSent) {
        if (before.writableFinished) socket.destroy();
        else before.once('close', () => socket.destroy());
        return;
      }
      // For its report: this is what it is answered.
      before.statusCode = status;
      // Answers to the requests before it may be under way: Node gives a response its socket when its turn has come.
      if (before.socket) refuse();
      else before.once('socket', refuse);
    } else if (!before || before.writableFinished || before.destroyed) refuse();
    // A good request came before on the same connection: its answer goes first.
    else before.once('close', refuse);
  }

  private pass(request: HttpRequest, response: HttpResponse, refusedWith: number | undefined): void {
    const conversation = Conversation.on(request.socket);
    if (conversation.isOver) return;
    conversation.latest = response;
    this.handler(request, response, refusedWith);
  }

  /** For what never became a request. */
  private refuseRaw(socket: Duplex, status: number, more: readonly string[]): void {
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const { headers, refusal } = this.listener;
    const { type, body } = refusal(status);
    const fields = new Map([...pairs(headers), ['content-type', type] as const, ...pairs(more)]);
    fields.set('content-length', String(Buffer.byteLength(body))).set('connection', 'close');
    const lines = Array.from(fields, ([name, value]) => `${name}: ${value}\r\n`).join('');
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}`;
    socket.end(`${head}\r\n${body}`, () => socket.destroy());
  }
}

/** What Node says about bytes that are no request. */
interface ParserError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
  /** Octets of `rawPacket` that were in order. */
  readonly bytesParsed?: number;
}

/** What an error of the parser is answered; `undefined` when it is the connection itself that broke. */
function statusOf(error: ParserError): number | undefined {
  const { code = '' } = error;
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return 431;
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return 413;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 408;
    case 'HPE_INVALID_VERSION':
      return isOtherMajorVersion(error) ? 505 : 400;
    default:
      return code.startsWith('HPE_') ? 400 : undefined;
  }
}

/** RFC 9110 §15.6.6: a version that is one, and whose first number is not ours. */
function isOtherMajorVersion({ rawPacket, bytesParsed = 0 }: ParserError): boolean {
  const upToVersion = rawPacket?.subarray(Math.max(0, bytesParsed - 9), bytesParsed).toString('latin1');
  return / HTTP\/[02-9]\.\d$/.test(upToVersion ?? '');
}

function* pairs(fields: readonly string[]): Iterable<readonly [name: string, value: string]> {
  for (let i = 0; i + 1 < fields.length; i += 2) yield [fields[i] ?? '', fields[i + 1] ?? ''];
}
