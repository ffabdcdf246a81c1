import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { basic } from '../../http/support/requests.js';
import { framed, requestBytes } from './raw-call.js';

/** Frame types of RFC 9113 §6. */
export const type = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Flags: the last frame of a stream, and of a header block. */
export const END_STREAM = 0x1;
export const END_HEADERS = 0x4;

/** One frame as its bytes said it. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** The bytes of a frame, well made or not. */
export function frame(kind: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(kind, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A number as a payload. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** One setting (RFC 9113 §6.5.1). */
export function setting(id: number, value: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt16BE(id);
  bytes.writeUInt32BE(value, 2);
  return bytes;
}

/** Fields as RFC 7541 §6.2.2 writes them without any table: whatever they say, and however often. */
export function fields(pairs: readonly (readonly [name: string, value: string])[]): Buffer {
  return Buffer.concat(pairs.flatMap(([name, value]) => [Buffer.from([0x00]), text(name), text(value)]));
}

/** RFC 7541 §5.2, without Huffman. */
export function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  return Buffer.concat([integer(bytes.length, 0x7f), bytes]);
}

/** RFC 7541 §5.1. */
function integer(value: number, mask: number): Buffer {
  if (value < mask) return Buffer.from([value]);
  const bytes = [mask];
  let rest = value - mask;
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** The fields of a good call. */
export const goodFields: readonly (readonly [string, string])[] = [
  [':method', 'POST'],
  [':scheme', 'http'],
  [':path', '/assay.v1.Introspection/Introspect'],
  [':authority', 'assay'],
  ['content-type', 'application/grpc'],
  ['te', 'trailers'],
  ['authorization', basic()],
];

/** HEADERS and DATA of a call on `stream`. */
export function callFrames(stream: number, pairs = goodFields, token = 'not-a-token'): Buffer {
  return messageFrames(stream, pairs, requestBytes(token));
}

/** The same with any message. */
export function messageFrames(stream: number, pairs: typeof goodFields, message: Buffer): Buffer {
  return Buffer.concat([
    frame(type.headers, END_HEADERS, stream, fields(pairs)),
    frame(type.data, END_STREAM, stream, framed(message)),
  ]);
}

/** A client that says any bytes, and notes every frame that comes back. */
export class RawPeer {
  readonly frames: Frame[] = [];
  private rest = Buffer.alloc(0);

  private constructor(private readonly socket: Socket) {
    socket.on('data', (bytes: Buffer) => {
      this.rest = Buffer.concat([this.rest, bytes]);
      this.read();
    });
    socket.on('error', () => undefined);
  }

  /** Connects, and says what every client says first. */
  static async connect(port: number, settings: Buffer = Buffer.alloc(0)): Promise<RawPeer> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const peer = new RawPeer(socket);
    peer.send(Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(type.settings, 0, 0, settings));
    await peer.sees(({ type: kind }) => kind === type.settings);
    peer.send(frame(type.settings, 1, 0));
    return peer;
  }

  send(...parts: readonly Buffer[]): void {
    if (!this.socket.destroyed) this.socket.write(Buffer.concat(parts));
  }

  /** Sends as fast as the other side takes it, until it closes. */
  async pour(bytes: Buffer, times: number): Promise<void> {
    for (let i = 0; i < times && !this.socket.destroyed; i++) {
      if (!this.socket.write(bytes)) await this.next('drain');
    }
  }

  /** Reads nothing any more. */
  stall(): void {
    this.socket.pause();
  }

  get isClosed(): boolean {
    return this.socket.closed;
  }

  async closed(): Promise<void> {
    if (!this.socket.closed) await this.next('close');
  }

  /** Waits for a frame, or until the connection is closed. */
  async sees(wanted: (seen: Frame) => boolean): Promise<Frame | undefined> {
    for (;;) {
      const found = this.frames.find(wanted);
      if (found || this.socket.closed) return found;
      await this.next('data');
    }
  }

  /** How the stream, or the connection, was refused: an error code of RFC 9113 §7. */
  async refusal(stream: number): Promise<number | undefined> {
    const seen = await this.sees(
      (one) => (one.type === type.reset && one.stream === stream) || one.type === type.goaway,
    );
    return seen?.payload.readUInt32BE(seen.type === type.goaway ? 4 : 0);
  }

  close(): void {
    this.socket.destroy();
  }

  /** Waits for the event, or until the connection is closed; that it is broken is no news to a test. */
  private next(event: 'data' | 'drain' | 'close'): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.socket.off(event, done).off('close', done);
        resolve();
      };
      this.socket.on(event, done).on('close', done);
    });
  }

  private read(): void {
    while (this.rest.length >= 9 && this.rest.length >= 9 + this.rest.readUIntBE(0, 3)) {
      const end = 9 + this.rest.readUIntBE(0, 3);
      const [kind, flags, stream] = [this.rest.readUInt8(3), this.rest.readUInt8(4), this.rest.readUInt32BE(5)];
      this.frames.push({ type: kind, flags, stream, payload: this.rest.subarray(9, end) });
      this.rest = this.rest.subarray(end);
    }
  }
}
