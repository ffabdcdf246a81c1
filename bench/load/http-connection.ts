import { Connection, type Verdict } from './connection.ts';

const headEnd = Buffer.from('\r\n\r\n');

/** HTTP/1.1 with `Content-Length`, one request after the other. */
export class HttpConnection extends Connection {
  private rest: Buffer = Buffer.alloc(0);

  override send(request: Buffer): void {
    this.socket.write(request);
  }

  protected override receive(bytes: Buffer): void {
    const all = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    const end = all.indexOf(headEnd);
    const length = end < 0 ? undefined : contentLength(all.toString('latin1', 0, end));
    if (length === undefined || all.length < end + headEnd.length + length) {
      this.rest = all;
      return;
    }
    this.rest = Buffer.alloc(0);
    this.onVerdict(verdictOf(all.toString('latin1', 9, 12), all.toString('latin1', end + 4)));
  }
}

function contentLength(head: string): number {
  return Number(/\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
}

/** An answer of `/authorize` has no body where it is a good one. */
function verdictOf(status: string, body: string): Verdict {
  if (status === '401') return 'inactive';
  if (status !== '200') return `failed with ${status}`;
  if (body === '' || body.startsWith('{"active":t')) return 'active';
  if (body.startsWith('{"active":')) return 'inactive';
  // Others write the verdict where they like.
  return body.includes('"active":true') ? 'active' : 'answered';
}
