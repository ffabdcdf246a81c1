import { ServerResponse, type OutgoingHttpHeader, type OutgoingHttpHeaders } from 'node:http';
import { Conversation } from './conversation.js';
import { discardBody } from './discard-body.js';
import type { HttpListener } from './http-listener.js';
import type { HttpRequest } from './http-request.js';

type Value = string | readonly string[];

/** What Node and its users hand to `writeHead`. */
type GivenHeaders = OutgoingHttpHeaders | OutgoingHttpHeader[];

/**
 * An answer: Node's own object, with the header fields in one flat list that leaves together with the body. Node keeps an object
 * of pairs instead, and merges it with every list that it is given.
 */
export class HttpResponse extends ServerResponse<HttpRequest> {
  private listener: HttpListener | undefined = undefined;
  /** Name, value, name, value. Names in lower case. */
  private fields: Value[] = [];

  /** Gives the answer the header fields of its listener, and takes away any other. */
  begin(listener: HttpListener): void {
    this.listener = listener;
    this.fields = [...listener.headers];
  }

  /** Back to the header fields of the listener: what was meant for another answer must not go with this one. */
  restart(): this {
    if (this.listener) this.begin(this.listener);
    return this;
  }

  /** Sends all of it in one piece, with the status and the header fields that have been set. */
  answer(body: string | Uint8Array): void {
    const { statusCode } = this;
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
    // RFC 9110 §8.6.
    if (statusCode !== 204 && statusCode !== 304) this.setHeader('content-length', length);
    // The octets are the same, and need not be translated, where text is ASCII.
    this.writeHead(statusCode).end(body, length === body.length ? 'latin1' : 'utf8');
  }

  /** Every answer passes here once, in whichever of Node's ways it is given. */
  override writeHead(statusCode: number, given?: string | GivenHeaders, more?: GivenHeaders): this {
    for (const [name, value] of pairsIn(typeof given === 'string' ? more : given)) this.setHeader(name, value);
    this.decideAboutConnection();
    const { requestId } = this.req;
    if (requestId !== '') this.fields.push('x-request-id', requestId);
    super.writeHead(statusCode, this.fields as OutgoingHttpHeader[]);
    this.req.report?.end(statusCode);
    return this;
  }

  override setHeader(name: string, value: number | Value): this {
    // Throws.
    if (this.headersSent) return super.setHeader(name, value);
    const field = name.toLowerCase();
    const at = this.indexOf(field);
    const text = typeof value === 'number' ? String(value) : value;
    if (at < 0) this.fields.push(field, text);
    else this.fields[at + 1] = text;
    return this;
  }

  override appendHeader(name: string, value: Value): this {
    const before = this.getHeader(name) as Value | undefined;
    return this.setHeader(name, before === undefined ? value : [before, value].flat());
  }

  override getHeader(name: string): string | string[] | undefined {
    const at = this.indexOf(name.toLowerCase());
    return at < 0 ? undefined : (this.fields[at + 1] as string | string[]);
  }

  override hasHeader(name: string): boolean {
    return this.indexOf(name.toLowerCase()) >= 0;
  }

  override removeHeader(name: string): void {
    if (this.headersSent) super.removeHeader(name);
    const at = this.indexOf(name.toLowerCase());
    if (at >= 0) this.fields.splice(at, 2);
  }

  override getHeaderNames(): string[] {
    return this.fields.filter((_, i) => i % 2 === 0) as string[];
  }

  override getHeaders(): OutgoingHttpHeaders {
    return Object.fromEntries(this.getHeaderNames().map((name) => [name, this.getHeader(name)]));
  }

  /** RFC 9112 §9.3: a body that no handler has read is read and dropped, or the connection ends with this answer. */
  private decideAboutConnection(): void {
    const { req, listener } = this;
    // What was pipelined before the end began has been run, and is answered.
    if (listener?.drain.begun && Conversation.on(req.socket).latest === this) this.shouldKeepAlive = false;
    if (req.complete || !this.shouldKeepAlive || !req.hasBody) return;
    this.shouldKeepAlive = discardBody(req, listener?.limits.unreadBytes ?? 0);
  }

  private indexOf(field: string): number {
    const { fields } = this;
    for (let i = 0; i < fields.length; i += 2) if (fields[i] === field) return i;
    return -1;
  }
}

function* pairsIn(given: GivenHeaders | undefined): Iterable<[string, number | Value]> {
  if (given === undefined) return;
  if (Array.isArray(given)) for (let i = 0; i < given.length; i += 2) yield [String(given[i]), given[i + 1] ?? ''];
  else for (const [name, value] of Object.entries(given)) yield [name, value ?? ''];
}
