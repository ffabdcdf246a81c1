import { connect, type Socket } from 'node:net';

/** One HTTP/1.1 response as its bytes said it. */
export interface RawAnswer {
  readonly status: number;
  /** Names as sent, in the order sent. */
  readonly headerLines: readonly string[];
  readonly body: string;
}

/** The value of a header, or `undefined`. */
export function header({ headerLines }: RawAnswer, name: string): string | undefined {
  const prefix = `${name.toLowerCase()}:`;
  return headerLines
    .find((line) => line.toLowerCase().startsWith(prefix))
    ?.slice(prefix.length)
    .trim();
}

/** The whole response without `Date` and the name of the request, which alone may differ between two answers. */
export function bytesOf({ status, headerLines, body }: RawAnswer): string {
  return [status, ...headerLines.filter((line) => !/^(?:date|x-request-id):/i.test(line)), '', body].join('\r\n');
}

/** How to speak. */
export interface TalkOptions {
  /** Stop sending after the last byte (the usual end of a test); otherwise the server has to close. Default true. */
  readonly end?: boolean;
}

/** Sends bytes on a new connection, and answers everything that came back until the server closed it. */
export async function talk(
  port: number,
  bytes: string | Buffer,
  { end = true }: TalkOptions = {},
): Promise<RawAnswer[]> {
  return answersIn(await exchange(connect(port, '127.0.0.1'), bytes, end));
}

/** The same on a connection that was made otherwise. */
export function exchange(socket: Socket, bytes: string | Buffer, end = true): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A reset after the answer is a way to close, too.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(Buffer.concat(chunks));
    });
    if (end) socket.end(bytes);
    else socket.write(bytes);
  });
}

/** Takes a byte stream apart; informational answers are left out. */
export function answersIn(bytes: Buffer): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let rest = bytes.toString('latin1');
  while (rest !== '') {
    const headEnd = rest.indexOf('\r\n\r\n');
    const [statusLine = '', ...headerLines] = rest.slice(0, headEnd).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
    const answer = { status, headerLines, body: '' };
    const length = Number(header(answer, 'content-length') ?? 0);
    const bodyStart = headEnd + 4;
    if (status >= 200) answers.push({ ...answer, body: rest.slice(bodyStart, bodyStart + length) });
    rest = rest.slice(bodyStart + length);
  }
  return answers;
}
