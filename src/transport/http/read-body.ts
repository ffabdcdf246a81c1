/** Reads the body of a request: the one place where that is done, within the limits of size and time. */
import type { BodyTaker, HttpRequest } from './http-request.js';
import type { HttpResponse } from './http-response.js';

/** The request cannot be read, for a reason that its status says: filters make an answer of it in the manner of their listener. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';

  /** @param status HTTP status, 4xx */
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The connection broke, or was refused, before the whole body was there: no client waits for an answer. */
export class BodyNeverCame extends Error {
  override readonly name = 'BodyNeverCame';
}

/** Hears what a body says, or why it cannot be read. One of both, once. */
export interface BodyReader {
  read(body: Buffer): void;
  /** With {@link RequestRefused} 413, after which the connection ends with the answer; or with {@link BodyNeverCame}. */
  failed(error: RequestRefused | BodyNeverCame): void;
}

/**
 * Reads the body of a request, whole and within the limit of its listener, and tells `reader` in the same moment: a body that came together with
 * its head is not waited for. The one place where bodies are read: only here is a client told to go on that waits for it
 * (RFC 9110 §10.1.1). How long it may take is for the server to say, which answers 408.
 */
export function takeBody(request: HttpRequest, response: HttpResponse, reader: BodyReader): void {
  const limit = request.listener?.limits.bodyBytes ?? 0;
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    reader.failed(tooLarge(response));
    return;
  }
  if (request.headers.expect !== undefined && request.httpVersion === '1.1') response.writeContinue();
  request.giveBodyTo(new BodyPieces(reader, limit, () => tooLarge(response)));
}

/** The same for whoever waits. @throws {RequestRefused} @throws {BodyNeverCame} */
export function readBody(request: HttpRequest, response: HttpResponse): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    takeBody(request, response, { read: resolve, failed: reject });
  });
}

/** Puts a body together. */
class BodyPieces implements BodyTaker {
  private first: Buffer | undefined;
  private further: Buffer[] | undefined;
  private length = 0;
  private isOver = false;

  constructor(
    private readonly reader: BodyReader,
    private readonly limit: number,
    private readonly tooLarge: () => RequestRefused,
  ) {}

  piece(octets: Buffer): void {
    // What follows a refusal is dropped.
    if (this.isOver) return;
    this.length += octets.length;
    if (this.length > this.limit) this.fail(this.tooLarge());
    else if (this.first === undefined) this.first = octets;
    else (this.further ??= [this.first]).push(octets);
  }

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.reader.read(this.further ? Buffer.concat(this.further) : (this.first ?? Buffer.alloc(0)));
  }

  broken(): void {
    if (!this.isOver) this.fail(new BodyNeverCame());
  }

  private fail(error: RequestRefused | BodyNeverCame): void {
    this.isOver = true;
    this.reader.failed(error);
  }
}

function tooLarge(response: HttpResponse): RequestRefused {
  response.shouldKeepAlive = false;
  return new RequestRefused(413, 'the body is too large');
}
