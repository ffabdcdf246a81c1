import { status } from '@grpc/grpc-js';
import {
  connect,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
  type SecureClientSessionOptions,
} from 'node:http2';
import { Proto } from '../../../../src/transport/grpc/load-proto.js';
import { basic } from '../../http/support/requests.js';

const { Introspect } = Proto.load('assay/v1/introspection.proto').service('assay.v1.Introspection');

/** What a test changes about a good call, header by header and byte by byte. */
export interface RawParts {
  /** Replaces or, with `undefined`, removes a field; an array sends it several times. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** All that follows the headers. */
  readonly body?: Buffer;
}

type Fields = IncomingHttpHeaders & IncomingHttpStatusHeader;

/** How the server ended the call. */
export interface RawOutcome {
  /** Name of the gRPC status; absent when there was none. */
  readonly status?: string;
  readonly message?: string;
  /** HTTP status, when there was an answer. */
  readonly httpStatus?: number;
  /** Code of RST_STREAM; 0 = none. */
  readonly reset: number;
  /** What the server said, fields and trailers. */
  readonly fields: Fields;
  /** All messages with their frames. */
  readonly data: Buffer;
}

/** A request as gRPC frames it. @param flag 1 = compressed */
export function framed(message: Buffer, flag = 0, length = message.length): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(flag, 0);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}

/** The bytes of an `IntrospectRequest`. */
export function requestBytes(token: string, tokenTypeHint = ''): Buffer {
  return Introspect!.requestSerialize({ token, tokenTypeHint });
}

/** A connection that lets a test say what a library would not. */
export function rawSession(port: number, tls?: SecureClientSessionOptions): ClientHttp2Session {
  const scheme = tls ? 'https' : 'http';
  // The typings do not know the option.
  const options: object = { strictSingleValueFields: false, ...tls };
  const session = connect(`${scheme}://127.0.0.1:${port}`, options);
  session.on('error', () => undefined);
  return session;
}

/** Makes one call on a connection of its own. */
export async function rawCall(port: number, parts: RawParts, tls?: SecureClientSessionOptions): Promise<RawOutcome> {
  const session = rawSession(port, tls);
  const outcome = await callOn(session, parts);
  session.destroy();
  return outcome;
}

/** Makes one call on a connection that is there. Resolves when the stream is closed, however that came. */
export function callOn(session: ClientHttp2Session, { headers = {}, body }: RawParts = {}): Promise<RawOutcome> {
  const all = {
    ':method': 'POST',
    ':path': '/assay.v1.Introspection/Introspect',
    'content-type': 'application/grpc',
    te: 'trailers',
    authorization: basic(),
    ...headers,
  };
  const pairs: [string, unknown][] = Object.entries(all);
  const present = Object.fromEntries(pairs.filter(([, value]) => value !== undefined)) as OutgoingHttpHeaders;
  return new Promise((resolve) => {
    const stream = session.request(present);
    let fields: Fields = {};
    const note = (more: Fields): void => {
      fields = { ...fields, ...more };
    };
    const chunks: Buffer[] = [];
    stream
      .on('response', note)
      .on('trailers', note)
      .on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('close', () => {
      resolve({ ...outcomeOf(fields), reset: stream.rstCode, data: Buffer.concat(chunks) });
    });
    stream.end(body ?? framed(requestBytes('not-a-token')));
  });
}

function outcomeOf(fields: Fields): Omit<RawOutcome, 'reset' | 'data'> {
  const code = fields['grpc-status'];
  const message = fields['grpc-message'];
  const httpStatus = fields[':status'];
  return {
    fields,
    ...(code !== undefined && { status: status[Number(code)]! }),
    ...(message !== undefined && { message: String(message) }),
    ...(httpStatus !== undefined && { httpStatus }),
  };
}
