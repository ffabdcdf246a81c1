import { gzipSync } from 'node:zlib';
import type { Behaviour } from './fake-issuer.js';

/** Accepts the request and never answers. */
export const hang: Behaviour = () => undefined;

/** Sends headers, then nothing. */
export const hangAfterHeaders: Behaviour = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
};

/** Sends a status line and then one header byte after the other: headers that never end. */
export const dripHeaders: Behaviour = (request) => {
  request.socket.write('HTTP/1.1 200 OK\r\nX-Drip: ');
  drip(() => !request.socket.destroyed && request.socket.write('a'));
};

/** One byte of body every 20 ms: each read is in time, the whole never is. */
export const dripBody: Behaviour = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  drip(() => !response.destroyed && response.write(' '));
};

/** Announces more than it sends, and closes. */
export const truncate: Behaviour = (request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"keys":[', () => request.socket.end());
};

/** Resets the connection in the middle of the body. */
export const resetMidBody: Behaviour = (request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"keys":[');
  setTimeout(() => request.socket.resetAndDestroy(), 20);
};

/** Resets the connection before the first byte of the answer. */
export const reset: Behaviour = (request) => {
  request.socket.resetAndDestroy();
};

/** A body of `bytes` spaces with its length announced. */
export function bigBody(bytes: number): Behaviour {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(bytes) });
    pour(response, bytes);
  };
}

/** Chunks without an end. */
export const endless: Behaviour = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  pour(response, Number.POSITIVE_INFINITY);
};

/** A small compressed body that becomes `bytes` long. */
export function gzipBomb(bytes: number): Behaviour {
  const bomb = gzipSync(Buffer.alloc(bytes, ' '));
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb);
  };
}

export function respond(status: number, body = '', headers: Record<string, string> = {}): Behaviour {
  return (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
}

/** 200 with this JSON text. */
export function json(text: string, headers: Record<string, string> = {}): Behaviour {
  return respond(200, text, { 'content-type': 'application/json', ...headers });
}

export function redirect(status: number, location: string): Behaviour {
  return respond(status, '', { location });
}

function drip(write: () => boolean): void {
  const timer = setInterval(() => {
    if (!write()) clearInterval(timer);
  }, 20);
  timer.unref();
}

function pour(response: Parameters<Behaviour>[1], bytes: number): void {
  const chunk = Buffer.alloc(16_384, ' ');
  let left = bytes;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      if (!response.write(chunk)) return;
    }
    response.end();
  };
  response.on('drain', more);
  more();
}
