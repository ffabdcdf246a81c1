/** What the protocol writes to end a unary call: an answer with its status behind it, or a status alone. */
import { Metadata, status, type StatusObject } from '@grpc/grpc-js';
import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { PREFIX_BYTES } from './message-decoder.js';

const head = { ':status': 200, 'content-type': 'application/grpc+proto' };
const headOfAnswer = { ...head, 'grpc-accept-encoding': 'identity,deflate,gzip', 'grpc-encoding': 'identity' };

/** Headers, the message, and OK in the trailers. */
export function sendAnswer(stream: ServerHttp2Stream, message: Uint8Array, trailers?: Metadata): void {
  const framed = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  framed.writeUInt8(0, 0);
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, PREFIX_BYTES);
  stream.respond(headOfAnswer, { waitForTrailers: true });
  stream.once('wantTrailers', () => {
    stream.sendTrailers(fieldsOf({ code: status.OK, details: 'OK', ...(trailers && { metadata: trailers }) }));
  });
  stream.end(framed);
}

/** The status in the headers: there is nothing else. */
export function sendStatus(stream: ServerHttp2Stream, ending: Partial<StatusObject>): void {
  stream.respond({ ...head, ...fieldsOf(ending) }, { endStream: true });
}

function fieldsOf({ code = status.UNKNOWN, details = '', metadata }: Partial<StatusObject>): OutgoingHttpHeaders {
  return { ...metadata?.toHttp2Headers(), 'grpc-status': code, 'grpc-message': encodeURI(details) };
}
