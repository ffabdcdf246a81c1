import { Connection, type Verdict } from './connection.ts';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const FRAME_HEAD = 9;
const DATA = 0;
const HEADERS = 1;
const SETTINGS = 4;
const PING = 6;
const WINDOW_UPDATE = 8;
const END_STREAM = 1;
const ACK = 1;

/** More than any run receives: nobody waits for leave to send. */
const WINDOW_BYTES = 2 ** 31 - 1 - 65_535;

/**
 * Just enough HTTP/2 for unary calls that are small: a library would cost more than the server that it is to measure. A request
 * is a HEADERS frame without a table and a DATA frame, with room for the number of the stream in both.
 */
export class GrpcConnection extends Connection {
  private rest: Buffer = Buffer.alloc(0);
  private stream = 1;
  private verdict: Verdict = 'failed';

  override async opened(): Promise<this> {
    await super.opened();
    const window = Buffer.alloc(4);
    window.writeUInt32BE(WINDOW_BYTES);
    this.socket.write(Buffer.concat([preface, frame(SETTINGS, 0, 0), frame(WINDOW_UPDATE, 0, 0, window)]));
    return this;
  }

  override send(request: Buffer): void {
    request.writeUInt32BE(this.stream, 5);
    request.writeUInt32BE(this.stream, FRAME_HEAD + request.readUIntBE(0, 3) + 5);
    this.stream += 2;
    this.verdict = 'failed';
    // The next connection to send it writes another number into it.
    this.socket.write(Buffer.from(request));
  }

  protected override receive(bytes: Buffer): void {
    let all = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    while (all.length >= FRAME_HEAD && all.length >= FRAME_HEAD + all.readUIntBE(0, 3)) {
      const end = FRAME_HEAD + all.readUIntBE(0, 3);
      const [kind = 0, flags = 0] = [all[3], all[4]];
      const payload = all.subarray(FRAME_HEAD, end);
      all = all.subarray(end);
      this.read(kind, flags, payload);
    }
    this.rest = all;
  }

  private read(kind: number, flags: number, payload: Buffer): void {
    if (kind === SETTINGS && !(flags & ACK)) this.socket.write(frame(SETTINGS, ACK, 0));
    else if (kind === PING && !(flags & ACK)) this.socket.write(frame(PING, ACK, 0, payload));
    else if (kind === DATA) this.verdict = payload[5] === 8 && payload[6] === 1 ? 'active' : 'inactive';
    else if (kind === HEADERS && flags & END_STREAM) this.onVerdict(this.verdict);
  }
}

/** A unary call as {@link GrpcConnection} sends it. */
export function grpcRequest(fields: readonly (readonly [string, string])[], message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  const block = fields.flatMap(([name, value]) => [Buffer.from([0]), hpackText(name), hpackText(value)]);
  const END_HEADERS = 4;
  return Buffer.concat([
    frame(HEADERS, END_HEADERS, 0, Buffer.concat(block)),
    frame(DATA, END_STREAM, 0, Buffer.concat([head, message])),
  ]);
}

function frame(kind: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(FRAME_HEAD);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(kind, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** RFC 7541 §5.2, without Huffman, up to 254 octets. */
function hpackText(value: string): Buffer {
  const octets = Buffer.from(value, 'latin1');
  const length = octets.length < 127 ? [octets.length] : [127, octets.length - 127];
  if (octets.length - 127 > 127) throw new RangeError('the text is too long');
  return Buffer.concat([Buffer.from(length), octets]);
}
