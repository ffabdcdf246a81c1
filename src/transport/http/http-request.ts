import { IncomingMessage } from 'node:http';
import { parse, type ParsedUrlQuery } from 'node:querystring';
import { requestIdOf } from '../request-id.js';
import type { RequestReport } from '../request-report.js';
import { clientAddress } from './peer-of-request.js';
import type { HttpListener } from './http-listener.js';

/** The values of the `:parameters` of a path. */
export type PathParameters = Readonly<Record<string, string>>;

/** Takes the body of a request, piece by piece, as the parser finds it. */
export interface BodyTaker {
  piece(octets: Buffer): void;
  /** The body is whole. */
  end(): void;
  /** The connection has gone before that. */
  broken(): void;
}

const noParameters: PathParameters = Object.freeze(Object.create(null) as PathParameters);

/**
 * A request as Nest, guards and controllers see it: the object that Node made of it, with room for what is found out on the
 * way. Nest asks for `body`, `params`, `query`, `headers` and `ip`, and for an object that takes properties of its own.
 */
export class HttpRequest extends IncomingMessage {
  listener: HttpListener | undefined = undefined;
  /** What the body says, once it has been read. */
  body: unknown = undefined;
  params: PathParameters = noParameters;
  /** Path of the route as it was declared, however this request spells it; empty where there is none. */
  route = '';
  /** Name of this one request, as its answer has it; empty where nothing was made of it. */
  requestId = '';
  /** Where requests are observed: what operators will read of this one. */
  report: RequestReport | undefined = undefined;
  /** Who asks, once a guard knows. */
  caller: unknown = undefined;
  private taker: BodyTaker | undefined = undefined;

  /** Is received by its listener, and named. */
  begin(listener: HttpListener): void {
    this.listener = listener;
    const peer = this.socket.remoteAddress ?? '';
    this.requestId = requestIdOf(this.headers['x-request-id'], peer, listener.proxies);
  }

  /**
   * Gives the body to `taker`. Where nothing of it has come yet, it does not pass through the queue that Node has for bodies, which would
   * give it away a few turns of its own later.
   */
  giveBodyTo(taker: BodyTaker): void {
    if (this.complete || this.readableLength > 0) {
      this.on('data', (octets: Buffer) => {
        taker.piece(octets);
      });
      this.once('end', () => {
        taker.end();
      });
      this.once('error', () => {
        taker.broken();
      });
    } else {
      this.taker = taker;
      // Says that somebody reads.
      this._read(0);
    }
  }

  /** The parser has found a piece of the body; `null`: its end. @returns whether it may go on */
  override push(octets: Buffer | null): boolean {
    const { taker } = this;
    if (!taker) return super.push(octets);
    if (octets !== null) taker.piece(octets);
    else {
      this.endReading();
      taker.end();
    }
    return true;
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.readableEnded) this.taker?.broken();
    super._destroy(error, done);
  }

  /** Nobody listens for the end, so that it need not be announced. Node does the same for a request without a body. */
  private endReading(): void {
    const node: NodeRequest = this as unknown as NodeRequest;
    if (node._dumpAndCloseReadable) node._dumpAndCloseReadable();
    else super.push(null);
  }

  /** The parameters of the query; one that is repeated is a list. */
  get query(): ParsedUrlQuery {
    const { url = '' } = this;
    const start = url.indexOf('?');
    return parse(start < 0 ? '' : url.slice(start + 1));
  }

  /** Address of the client: the peer's, or what a trusted proxy says, which may be no address at all. */
  get ip(): string | undefined {
    const peer = this.socket.remoteAddress;
    return this.listener ? clientAddress(peer, this.headers['x-forwarded-for'], this.listener.proxies) : peer;
  }

  /** Whether a body comes with it, of whatever length. */
  get hasBody(): boolean {
    const { 'transfer-encoding': coding, 'content-length': length } = this.headers;
    return coding !== undefined || (length !== undefined && Number(length) > 0);
  }

  /** Whether its body is for anybody: that of GET and HEAD has no meaning (RFC 9110 §9.3.1). */
  get hasContent(): boolean {
    return this.hasBody && this.method !== 'GET' && this.method !== 'HEAD';
  }
}

/** What Node has for its `optimizeEmptyRequests`, since that is there; no typings know it. */
interface NodeRequest {
  _dumpAndCloseReadable?: () => void;
}

/** RFC 9112 §3.2.2: a server must take the whole URI, too. */
const scheme = /^https?:\/\//i;

/**
 * The decoded segments of the path of a request target, however it is spelled: `/a/b%2Fc?d` is `['', 'a', 'b/c']`.
 * @returns `undefined` for what is not properly encoded, or no URI; no segments for what is no path, such as `*`
 */
export function locate(requestTarget: string): readonly string[] | undefined {
  const origin = originForm(requestTarget);
  if (origin === undefined) return undefined;
  const end = origin.search(/[?#]/);
  const path = end < 0 ? origin : origin.slice(0, end);
  if (!path.startsWith('/')) return [];
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** Without scheme and authority. @returns `undefined` where they are none: a host must not be empty (RFC 9110 §4.2.1) */
function originForm(requestTarget: string): string | undefined {
  if (!scheme.test(requestTarget)) return requestTarget;
  const afterScheme = requestTarget.replace(scheme, '');
  if (/^(?:[/?#:]|$)/.test(afterScheme) || !URL.canParse(requestTarget)) return undefined;
  const end = afterScheme.search(/[/?#]/);
  if (end < 0) return '/';
  return afterScheme[end] === '/' ? afterScheme.slice(end) : `/${afterScheme.slice(end)}`;
}
