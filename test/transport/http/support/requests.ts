import { SECRET } from '../../../endpoints/reception.js';

/** `Authorization` of a caller with the usual secret. */
export function basic(caller = 'orders', secret = SECRET): string {
  return `Basic ${Buffer.from(`${caller}:${secret}`).toString('base64')}`;
}

/** What a test changes about a good introspection request. */
export interface RequestParts {
  readonly method?: string;
  readonly target?: string;
  readonly version?: string;
  /** Replaces or, with `undefined`, removes a header; an array sends it several times. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: string | Buffer;
}

/** The bytes of an introspection request, good but for what the test changes. */
export function request({
  method = 'POST',
  target = '/introspect',
  version = '1.1',
  headers = {},
  body = '',
}: RequestParts = {}): Buffer {
  const all: RequestParts['headers'] = {
    Host: 'assay.example.com',
    Authorization: basic(),
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}`),
  );
  return Buffer.concat([
    Buffer.from(`${method} ${target} HTTP/${version}\r\n${lines.join('\r\n')}\r\n\r\n`),
    Buffer.from(body),
  ]);
}
