import type { HttpRequest } from './http-request.js';
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

/**
 * Reads the body of a request, whole and within the limit of its listener. The one place where bodies are read: only here is a
 * client told to go on that waits for it (RFC 9110 §10.1.1). How long it may take is for the server to say, which answers 408.
 * @throws {RequestRefused} 413; the connection ends with the answer
 * @throws {BodyNeverCame}
 */
export function readBody(request: HttpRequest, response: HttpResponse): Promise<Buffer> {
  const limit = request.listener?.limits.bodyBytes ?? 0;
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.reject(tooLarge(response));
  if (request.headers.expect !== undefined && request.httpVersion === '1.1') response.writeContinue();
  return new Promise((resolve, reject) => {
    let body: Buffer | undefined;
    let further: Buffer[] | undefined;
    let length = 0;
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > limit) {
        request.off('data', take);
        reject(tooLarge(response));
      } else if (body === undefined) body = chunk;
      else (further ??= [body]).push(chunk);
    };
    request
      .on('data', take)
      .once('end', () => {
        resolve(further ? Buffer.concat(further) : (body ?? Buffer.alloc(0)));
      })
      .once('error', () => {
        reject(new BodyNeverCame());
      });
  });
}

function tooLarge(response: HttpResponse): RequestRefused {
  response.shouldKeepAlive = false;
  return new RequestRefused(413, 'the body is too large');
}
